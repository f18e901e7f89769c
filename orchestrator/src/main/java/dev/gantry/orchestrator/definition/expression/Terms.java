package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.expression.Basics.Literal;
import dev.gantry.orchestrator.definition.expression.Basics.Member;
import dev.gantry.orchestrator.definition.expression.Lexer.Kind;
import dev.gantry.orchestrator.definition.expression.Lexer.Token;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The part of the grammar between operators: values, access, calls, and what begins with a word.
 */
final class Terms {
    private static final Set<String> WORDS =
            Set.of(
                    "then", "elif", "else", "end", "as", "and", "or", "catch", "import", "include",
                    "module", "def", "label");

    private final Parser parser;
    private final Lexer lexer;
    private final Names names;
    private final Builtins builtIns;

    Terms(Parser parser, Lexer lexer, Names names, Builtins builtIns) {
        this.parser = parser;
        this.lexer = lexer;
        this.names = names;
        this.builtIns = builtIns;
    }

    Node term() throws ExpressionException {
        Node term = start();
        while (true) {
            Token token = parser.peek();
            if (token.kind() == Kind.FIELD) {
                term = new Access.Index(term, Parser.text(parser.take().text()), false);
            } else if (token.is(".")) {
                parser.take();
                term = afterDot(term);
            } else if (token.is("[")) {
                term = bracket(term);
            } else if (token.is("?")) {
                parser.take();
                term = optional(term);
            } else {
                return term;
            }
        }
    }

    private static Node optional(Node term) {
        return switch (term) {
            case Access.Index index when !index.isOptional() -> index.asOptional();
            case Access.Iterate all when !all.isOptional() -> all.asOptional();
            default -> new Flow.Try(term, null);
        };
    }

    private Node afterDot(Node target) throws ExpressionException {
        Token token = parser.peek();
        if (token.kind() == Kind.QUOTE || token.kind() == Kind.FORMAT) {
            return new Access.Index(target, textOrFormat(), false);
        }
        if (token.is("[")) {
            return bracket(target);
        }
        throw parser.unexpected(token, "a name, a text or '[' is expected behind '.'");
    }

    private Node bracket(Node target) throws ExpressionException {
        Token opened = parser.take();
        if (parser.accept("]")) {
            return new Access.Iterate(target, false);
        }
        if (parser.accept(":")) {
            Node to = parser.pipe();
            parser.close(opened, "]");
            return new Access.Index(target, new Access.SliceKey(null, to), false);
        }
        Node key = parser.pipe();
        if (parser.accept(":")) {
            Node to = parser.peek().is("]") ? null : parser.pipe();
            parser.close(opened, "]");
            return new Access.Index(target, new Access.SliceKey(key, to), false);
        }
        parser.close(opened, "]");
        return new Access.Index(target, key, false);
    }

    private Node start() throws ExpressionException {
        Token token = parser.peek();
        return switch (token.kind()) {
            case NUMBER -> number(parser.take().text());
            case FIELD ->
                    new Access.Index(
                            new Basics.Identity(), Parser.text(parser.take().text()), false);
            case VARIABLE -> variable(parser.take());
            case QUOTE, FORMAT -> textOrFormat();
            case NAME -> word(token);
            case SYMBOL -> symbol(token);
            case END -> throw parser.unexpected(token, "a value is expected");
        };
    }

    private static Node number(String text) {
        JsonNode number = Numbers.written(text);
        // What is too large must be noted when it is used, not when it is read.
        return number.isDouble() && Double.isInfinite(number.doubleValue())
                ? new Calls.NativeCall((in, given) -> Numbers.of(number.doubleValue()), List.of())
                : new Literal(number);
    }

    private Node symbol(Token token) throws ExpressionException {
        return switch (token.text()) {
            case "." -> {
                parser.take();
                Node input = new Basics.Identity();
                yield parser.peek().kind() == Kind.QUOTE
                        ? new Access.Index(input, textOrFormat(), false)
                        : input;
            }
            case ".." -> {
                parser.take();
                yield Repetition.recurse();
            }
            case "(" -> {
                parser.take();
                Node inner = parser.pipe();
                parser.close(token, ")");
                yield inner;
            }
            case "[" -> {
                parser.take();
                Node items = parser.peek().is("]") ? null : parser.pipe();
                parser.close(token, "]");
                yield new Basics.ArrayOf(items);
            }
            case "{" -> object();
            default -> throw parser.unexpected(token, "a value is expected");
        };
    }

    private Node variable(Token token) throws ExpressionException {
        String name = token.text();
        Object bound = names.find("$" + name);
        if (bound != null) {
            return bound instanceof Calls.Parameter parameter
                    ? new Calls.ParameterCall(parameter)
                    : new Basics.Variable(name, bound);
        }
        if (Builtins.isImpureVariable(name)) {
            throw lexer.error(token.at(), Builtins.unavailable("$" + name));
        }
        return new Basics.Variable(name, names.free(name));
    }

    private Node object() throws ExpressionException {
        Token opened = parser.take();
        List<Member> members = new ArrayList<>();
        while (!parser.peek().is("}")) {
            members.add(member());
            if (!parser.accept(",")) {
                break;
            }
        }
        parser.close(opened, "}");
        return new Basics.ObjectOf(members);
    }

    private Member member() throws ExpressionException {
        Token token = parser.peek();
        if (token.kind() == Kind.VARIABLE) {
            parser.take();
            return new Member(Parser.text(token.text()), variable(token));
        }
        if (token.is("(")) {
            parser.take();
            Node name = parser.pipe();
            parser.close(token, ")");
            if (name instanceof Literal constant && !constant.value().isTextual()) {
                throw lexer.error(
                        token.at(),
                        "%s cannot be the name of a member, which is a text"
                                .formatted(Shown.of(constant.value())));
            }
            parser.expect(":");
            return new Member(name, memberValue());
        }
        Node name;
        if (token.kind() == Kind.NAME) {
            name = Parser.text(parser.take().text());
        } else if (token.kind() == Kind.QUOTE || token.kind() == Kind.FORMAT) {
            name = textOrFormat();
        } else {
            throw parser.unexpected(
                    token,
                    "the name of a member is expected: a word, a text, or an expression in ( )");
        }
        if (parser.accept(":")) {
            return new Member(name, memberValue());
        }
        return new Member(name, new Access.Index(new Basics.Identity(), name, false));
    }

    /** jq wants parentheses around operators here; they can only mean one thing without. */
    private Node memberValue() throws ExpressionException {
        Node value = parser.operation();
        return parser.accept("|") ? new Basics.Pipe(value, memberValue()) : value;
    }

    /** {@code "a \(.b)"}, {@code @base64 "…"}, {@code @base64}. */
    Node textOrFormat() throws ExpressionException {
        Native format = Formats.TEXT;
        if (parser.peek().kind() == Kind.FORMAT) {
            Token token = parser.take();
            format = Formats.named(token.text());
            if (format == null) {
                throw lexer.error(token.at(), Formats.unknown(token.text()));
            }
            if (parser.peek().kind() != Kind.QUOTE) {
                return new Calls.NativeCall(format, List.of());
            }
        }
        Token opened = parser.take();
        List<Node> parts = new ArrayList<>();
        while (true) {
            StringBuilder before = new StringBuilder();
            String rest = lexer.rest(opened.at(), before);
            if (rest != null) {
                if (parts.isEmpty()) {
                    return Parser.text(rest);
                }
                parts.add(Parser.text(rest));
                return new Basics.TextOf(parts);
            }
            parts.add(Parser.text(before.toString()));
            Node inner = parser.pipe();
            if (!parser.peek().is(")")) {
                throw parser.unexpected(
                        parser.peek(), "')' is expected, to end the '\\(' in a text");
            }
            parser.take();
            parts.add(new Basics.Pipe(inner, new Calls.NativeCall(format, List.of())));
        }
    }

    private Node word(Token token) throws ExpressionException {
        if (WORDS.contains(token.text())) {
            if (token.text().equals("def") || token.text().equals("label")) {
                return parser.operand();
            }
            throw parser.unexpected(token, "a value is expected");
        }
        parser.take();
        return switch (token.text()) {
            case "if" -> condition(token);
            case "try" -> attempt();
            case "reduce", "foreach" -> reduction(token);
            case "break" -> leave();
            default -> call(token);
        };
    }

    private Node condition(Token opened) throws ExpressionException {
        List<Node> conditions = new ArrayList<>();
        List<Node> results = new ArrayList<>();
        do {
            conditions.add(parser.pipe());
            parser.expect("then");
            results.add(parser.pipe());
        } while (parser.accept("elif"));
        Node otherwise = parser.accept("else") ? parser.pipe() : new Basics.Identity();
        parser.close(opened, "end");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            otherwise = new Flow.If(conditions.get(i), results.get(i), otherwise);
        }
        return otherwise;
    }

    private Node attempt() throws ExpressionException {
        Node body = parser.peek().is("-") ? parser.operand() : term();
        if (!parser.accept("catch")) {
            return new Flow.Try(body, null);
        }
        return new Flow.Try(body, parser.peek().is("-") ? parser.operand() : term());
    }

    private Node reduction(Token word) throws ExpressionException {
        Node source = term();
        parser.expect("as");
        Object mark = names.mark();
        Pattern pattern = parser.pattern();
        Object inner = names.mark();
        Token opened = parser.peek();
        parser.expect("(");
        names.leaveTo(mark);
        Node start = parser.pipe();
        parser.expect(";");
        names.leaveTo(inner);
        Node update = parser.pipe();
        Node extract = word.text().equals("foreach") && parser.accept(";") ? parser.pipe() : null;
        parser.close(opened, ")");
        names.leaveTo(mark);
        return word.text().equals("reduce")
                ? new Flow.Reduce(source, pattern, start, update)
                : new Flow.Foreach(source, pattern, start, update, extract);
    }

    private Node leave() throws ExpressionException {
        Token label = parser.expect(Kind.VARIABLE, "the name of a label, as in 'break $out',");
        Object name = names.find("*" + label.text());
        if (name == null) {
            throw lexer.error(
                    label.at(), "there is no 'label $%s |' around it".formatted(label.text()));
        }
        return new Flow.Break(name);
    }

    private Node call(Token token) throws ExpressionException {
        Node constant = Parser.constant(token.text());
        if (constant != null) {
            return constant;
        }
        List<Node> arguments = new ArrayList<>();
        Token opened = parser.peek();
        if (opened.is("(")) {
            parser.take();
            do {
                arguments.add(parser.pipe());
            } while (parser.accept(";"));
            if (parser.peek().is(",")) {
                throw parser.unexpected(parser.peek(), "';' is expected between arguments");
            }
            parser.close(opened, ")");
        }
        Object named = names.find(token.text() + "/" + arguments.size());
        if (named instanceof Calls.Definition definition) {
            return new Calls.Call(definition, arguments);
        }
        if (named instanceof Calls.Parameter parameter) {
            return new Calls.ParameterCall(parameter);
        }
        Node known = builtIns.call(token.text(), arguments);
        if (known == null) {
            throw lexer.error(token.at(), builtIns.unknown(token.text(), arguments.size()));
        }
        return known;
    }

    /** Known from here on to the names that are in use. */
    Calls.Definition definition(boolean isBuiltIn) throws ExpressionException {
        Token word = parser.take();
        Token name = parser.expect(Kind.NAME, "the name of a function");
        List<Calls.Parameter> parameters = new ArrayList<>();
        Token opened = parser.peek();
        if (parser.accept("(")) {
            do {
                Token parameter = parser.take();
                if (parameter.kind() != Kind.NAME && parameter.kind() != Kind.VARIABLE) {
                    throw parser.unexpected(parameter, "the name of a parameter is expected");
                }
                parameters.add(
                        new Calls.Parameter(parameter.text(), parameter.kind() == Kind.VARIABLE));
            } while (parser.accept(";"));
            parser.close(opened, ")");
        }
        parser.expect(":");
        Calls.Definition definition = new Calls.Definition(name.text(), parameters, isBuiltIn);
        names.add(name.text() + "/" + parameters.size(), definition);
        Object mark = names.mark();
        for (Calls.Parameter parameter : parameters) {
            names.add(parameter.name() + "/0", parameter);
            if (parameter.isValue()) {
                names.add("$" + parameter.name(), parameter);
            }
        }
        definition.define(parser.pipe());
        names.leaveTo(mark);
        parser.close(word, ";");
        return definition;
    }
}
