package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.orchestrator.definition.expression.Basics.Comparison;
import dev.gantry.orchestrator.definition.expression.Basics.Literal;
import dev.gantry.orchestrator.definition.expression.Lexer.Kind;
import dev.gantry.orchestrator.definition.expression.Lexer.Token;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the nodes of a program of its text, by jq's grammar: pipes, commas and operators. */
final class Parser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> UPDATES =
            Set.of("=", "|=", "+=", "-=", "*=", "/=", "%=", "//=");

    /** How tightly operators bind, from the loosest on. */
    private static final int ALTERNATIVE = 1;

    private static final int UPDATE = 2;
    private static final int OR = 3;
    private static final int AND = 4;
    private static final int COMPARISON = 5;
    private static final int SUM = 6;
    private static final int PRODUCT = 7;

    private final Lexer lexer;
    private final Names names;
    private final Terms terms;
    private @Nullable Token ahead;

    /**
     * @param builtIns whether what it defines are built-in functions
     */
    Parser(String program, Names names, Builtins builtIns) {
        this.lexer = new Lexer(program);
        this.names = names;
        this.terms = new Terms(this, lexer, names, builtIns);
    }

    Node program() throws ExpressionException {
        Token first = peek();
        if (first.kind() == Kind.END) {
            throw lexer.error(0, "the expression is empty; '.' stands for the whole input");
        }
        if (first.is("import") || first.is("include") || first.is("module")) {
            throw lexer.error(
                    first.at(), "there are no modules to %s here".formatted(first.text()));
        }
        Node program = pipe();
        Token rest = peek();
        if (rest.kind() != Kind.END) {
            throw unexpected(rest, "the expression ends, or an operator follows");
        }
        return program;
    }

    /** Definitions only. */
    List<Calls.Definition> definitions() throws ExpressionException {
        List<Calls.Definition> definitions = new ArrayList<>();
        while (peek().is("def")) {
            definitions.add(terms.definition(true));
        }
        expect(Kind.END, "a definition");
        return definitions;
    }

    Token peek() throws ExpressionException {
        if (ahead == null) {
            ahead = lexer.next();
        }
        return ahead;
    }

    Token take() throws ExpressionException {
        Token token = peek();
        ahead = null;
        return token;
    }

    boolean accept(String symbolOrWord) throws ExpressionException {
        if (!peek().is(symbolOrWord)) {
            return false;
        }
        take();
        return true;
    }

    Token expect(Kind kind, String expected) throws ExpressionException {
        if (peek().kind() != kind) {
            throw unexpected(peek(), expected + " is expected");
        }
        return take();
    }

    void expect(String symbolOrWord) throws ExpressionException {
        if (!accept(symbolOrWord)) {
            throw unexpected(peek(), "'%s' is expected".formatted(symbolOrWord));
        }
    }

    /** The end of something that was opened. */
    void close(Token opened, String symbolOrWord) throws ExpressionException {
        if (accept(symbolOrWord)) {
            return;
        }
        throw unexpected(
                peek(),
                "'%s' is expected, to go with the '%s' at character %d"
                        .formatted(symbolOrWord, opened.text(), opened.at() + 1));
    }

    ExpressionException unexpected(Token token, String expected) {
        String found =
                switch (token.kind()) {
                    case END -> "the end of the expression";
                    case QUOTE -> "a text";
                    case FIELD -> "'." + token.text() + "'";
                    case VARIABLE -> "'$" + token.text() + "'";
                    case FORMAT -> "'@" + token.text() + "'";
                    case NUMBER, NAME, SYMBOL -> "'" + token.text() + "'";
                };
        return lexer.error(
                token.at(), expected + ", and not " + found + Slips.ofWord(token.text()));
    }

    Node pipe() throws ExpressionException {
        List<Node> stages = new ArrayList<>();
        Object mark = names.mark();
        do {
            stages.add(comma());
        } while (accept("|"));
        names.leaveTo(mark);
        Node pipe = stages.getLast();
        for (Node stage : stages.subList(0, stages.size() - 1).reversed()) {
            pipe = new Basics.Pipe(stage, pipe);
        }
        return pipe;
    }

    private Node comma() throws ExpressionException {
        List<Node> nodes = new ArrayList<>();
        do {
            nodes.add(operation());
        } while (accept(","));
        return nodes.size() == 1 ? nodes.getFirst() : new Basics.Comma(nodes);
    }

    /** Everything but pipes and commas. */
    Node operation() throws ExpressionException {
        return operation(ALTERNATIVE);
    }

    private Node operation(int loosest) throws ExpressionException {
        Node left = operand();
        while (true) {
            Token token = peek();
            int binds = binds(token);
            if (binds < loosest) {
                return left;
            }
            take();
            Node right = operation(binds == ALTERNATIVE ? binds : binds + 1);
            if ((binds == COMPARISON || binds == UPDATE) && binds(peek()) == binds) {
                throw lexer.error(
                        peek().at(),
                        "'%s' cannot follow another '%s' directly; put one of them in parentheses"
                                .formatted(peek().text(), token.text()));
            }
            left = operation(token.text(), left, right);
        }
    }

    private static int binds(Token token) {
        String text = token.text();
        if (token.kind() == Kind.NAME) {
            return text.equals("and") ? AND : text.equals("or") ? OR : 0;
        }
        if (token.kind() != Kind.SYMBOL) {
            return 0;
        }
        return switch (text) {
            case "//" -> ALTERNATIVE;
            case "+", "-" -> SUM;
            case "*", "/", "%" -> PRODUCT;
            default ->
                    COMPARISONS.contains(text) ? COMPARISON : UPDATES.contains(text) ? UPDATE : 0;
        };
    }

    private static Node operation(String operator, Node left, Node right) {
        return switch (operator) {
            case "//" -> new Flow.Alternative(left, right);
            case "and" -> new Flow.Both(left, right, false);
            case "or" -> new Flow.Both(left, right, true);
            case "==" -> Comparison.EQUAL.of(left, right);
            case "!=" -> Comparison.DIFFERENT.of(left, right);
            case "<" -> Comparison.LESS.of(left, right);
            case "<=" -> Comparison.AT_MOST.of(left, right);
            case ">" -> Comparison.GREATER.of(left, right);
            case ">=" -> Comparison.AT_LEAST.of(left, right);
            case "=" -> new Updates.Assign(left, right);
            case "|=" -> new Updates.Modify(left, right);
            case "//=" -> Updates.withOperator(left, right, Flow.Alternative::new);
            default -> calculation(operator, left, right);
        };
    }

    private static Node calculation(String operator, Node left, Node right) {
        for (Arithmetic known : Arithmetic.values()) {
            if (operator.equals(known.sign())) {
                return new Basics.Calculation(known, left, right);
            }
            if (operator.equals(known.sign() + "=")) {
                return Updates.withOperator(
                        left, right, (a, b) -> new Basics.Calculation(known, a, b));
            }
        }
        throw new IllegalArgumentException(operator);
    }

    /** What stands on one side of an operator, with all that a binding or a definition is for. */
    Node operand() throws ExpressionException {
        Token token = peek();
        if (token.is("-")) {
            take();
            return negative(operation(PRODUCT));
        }
        if (token.is("def")) {
            Object mark = names.mark();
            Calls.Definition definition = terms.definition(false);
            Node rest = pipe();
            names.leaveTo(mark);
            return new Calls.Define(definition, rest);
        }
        if (token.is("label")) {
            return label();
        }
        Node term = terms.term();
        return accept("as") ? bind(term) : term;
    }

    private static Node negative(Node node) {
        return node instanceof Literal number && number.value().isNumber()
                ? new Literal(Numbers.negative(number.value()))
                : new Basics.Negation(node);
    }

    private Node label() throws ExpressionException {
        take();
        Token label = expect(Kind.VARIABLE, "the name of a label, as in 'label $out | …',");
        expect("|");
        Object mark = names.mark();
        Object name = new Object();
        names.add("*" + label.text(), name);
        Node body = pipe();
        names.leaveTo(mark);
        return new Flow.Label(name, body);
    }

    private Node bind(Node source) throws ExpressionException {
        Object mark = names.mark();
        Pattern pattern = pattern();
        expect("|");
        Node body = pipe();
        names.leaveTo(mark);
        return new Flow.Bind(source, pattern, body);
    }

    /** Names that it binds are known from its end on. */
    Pattern pattern() throws ExpressionException {
        List<String> bound = new ArrayList<>();
        List<Object> objects = new ArrayList<>();
        Pattern pattern = pattern(bound, objects);
        if (peek().is("?") && lexer.continuesWith("//")) {
            throw lexer.error(
                    peek().at(), "'?//' is not supported; write one pattern, or use 'if' or 'try'");
        }
        for (int i = 0; i < bound.size(); i++) {
            names.add(bound.get(i), objects.get(i));
        }
        return pattern;
    }

    private Pattern pattern(List<String> bound, List<Object> objects) throws ExpressionException {
        Token token = peek();
        if (token.kind() == Kind.VARIABLE) {
            return name(take(), bound, objects);
        }
        if (token.is("[")) {
            take();
            List<Pattern> items = new ArrayList<>();
            do {
                items.add(pattern(bound, objects));
            } while (accept(","));
            close(token, "]");
            return new Pattern.Items(items);
        }
        if (token.is("{")) {
            take();
            List<Pattern.Field> fields = new ArrayList<>();
            do {
                fields.add(field(bound, objects));
            } while (accept(","));
            close(token, "}");
            return new Pattern.Fields(fields);
        }
        throw unexpected(token, "a variable as '$x', or '[' or '{' of a pattern is expected");
    }

    private static Pattern name(Token variable, List<String> bound, List<Object> objects) {
        Object name = new Object();
        bound.add("$" + variable.text());
        objects.add(name);
        return new Pattern.Name(name);
    }

    private Pattern.Field field(List<String> bound, List<Object> objects)
            throws ExpressionException {
        Token token = peek();
        List<Pattern> patterns = new ArrayList<>();
        if (token.kind() == Kind.VARIABLE) {
            take();
            patterns.add(name(token, bound, objects));
            if (accept(":")) {
                patterns.add(pattern(bound, objects));
            }
            return new Pattern.Field(text(token.text()), patterns);
        }
        Node key;
        if (token.kind() == Kind.NAME) {
            key = text(take().text());
        } else if (accept("(")) {
            key = pipe();
            close(token, ")");
        } else if (token.kind() == Kind.QUOTE || token.kind() == Kind.FORMAT) {
            key = terms.textOrFormat();
        } else {
            throw unexpected(token, "the name of a member, or a variable as '$x', is expected");
        }
        expect(":");
        patterns.add(pattern(bound, objects));
        return new Pattern.Field(key, patterns);
    }

    static Literal text(String text) {
        return new Literal(TextNode.valueOf(text));
    }

    static @Nullable Literal constant(String name) {
        return switch (name) {
            case "true" -> new Literal(BooleanNode.TRUE);
            case "false" -> new Literal(BooleanNode.FALSE);
            case "null" -> new Literal(NullNode.getInstance());
            default -> null;
        };
    }
}
