package dev.gantry.orchestrator.definition.compile;

import dev.gantry.orchestrator.definition.plan.Authentication;
import dev.gantry.orchestrator.problem.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which runtime arguments an expression may ask for at the place that is being compiled. */
final class Visible {
    static final Set<String> OF_WORKFLOWS = Set.of("context", "input", "workflow", "runtime");
    static final Set<String> OF_TASKS = Set.of("context", "input", "workflow", "runtime", "task");
    private static final Pattern SECRET =
            Pattern.compile(
                    "\\$secrets\\s*(?:\\.\\s*([A-Za-z_][A-Za-z0-9_]*)|\\.?\\[\\s*\"([^\"\\\\]*)\"\\s*])");

    /** What becomes of the result. */
    enum Use {
        /** It is data of the execution, and journaled. */
        STORED,
        /** Whether it is true decides where control goes. */
        TESTED,
        /** It goes to an adapter and is not journaled when a secret is part of it. */
        SENT,
        /** It proves who calls; the same. */
        PROVES
    }

    private Set<String> names = OF_TASKS;
    private Use use = Use.STORED;
    private boolean isUnknown;
    private boolean isTrusted;

    /** What proves who calls answers what the server asks when it was called. */
    private boolean isChallenged;

    private Set<String> secrets = Set.of();

    /** The document was published before: what it asks for is not looked at again. */
    void trust() {
        isTrusted = true;
    }

    /** The secrets that the document declares. */
    void declare(Collection<String> declared) {
        secrets = Set.copyOf(declared);
    }

    Set<String> secrets() {
        return secrets;
    }

    /** What a call with this authentication is given; not every header is known beforehand. */
    <T extends @Nullable Object> T sent(
            @Nullable Authentication authentication, Supplier<T> compile) {
        if (authentication == null) {
            return compile.get();
        }
        if (!authentication.scheme().equals("digest")) {
            return with(Set.of("authorization"), compile);
        }
        isChallenged = true;
        try {
            return compile.get();
        } finally {
            isChallenged = false;
        }
    }

    /** More names for what is compiled within. */
    <T extends @Nullable Object> T with(Collection<String> more, Supplier<T> compile) {
        Set<String> all = new TreeSet<>(names);
        all.addAll(more);
        return only(all, compile);
    }

    /**
     * More names, unless something is wrong where they are given: then any may be meant, and one
     * defect is not to be reported at every use.
     */
    <T extends @Nullable Object> T with(
            boolean isSound, Collection<String> more, Supplier<T> compile) {
        return isSound ? with(more, compile) : anywhere(compile);
    }

    /** These names alone for what is compiled within. */
    <T extends @Nullable Object> T only(Set<String> these, Supplier<T> compile) {
        Set<String> before = names;
        names = these;
        try {
            return compile.get();
        } finally {
            names = before;
        }
    }

    <T extends @Nullable Object> T as(Use other, Supplier<T> compile) {
        Use before = use;
        use = other;
        try {
            return compile.get();
        } finally {
            use = before;
        }
    }

    /** For what is looked at without its place: whatever it asks for may be there. */
    <T extends @Nullable Object> T anywhere(Supplier<T> compile) {
        boolean before = isUnknown;
        isUnknown = true;
        try {
            return compile.get();
        } finally {
            isUnknown = before;
        }
    }

    /**
     * @param code of the problem
     * @param mend null if none can be told
     */
    record Finding(String code, String message, String expected, @Nullable String mend) {}

    /**
     * What is wrong with the arguments that an expression asks for.
     *
     * @param isLoose whether an expression that fails is a text, so that none needs to be known
     */
    List<Finding> look(String program, Set<String> reads, boolean isLoose) {
        List<Finding> findings = new ArrayList<>();
        if (isTrusted) {
            return findings;
        }
        for (String name : new TreeSet<>(reads)) {
            if (name.equals("secrets")) {
                secrets(program, findings);
            } else if (!isUnknown && !isLoose && !names.contains(name)) {
                findings.add(unknown(name));
            }
        }
        return findings;
    }

    private Finding unknown(String name) {
        if (name.equals("authorization")) {
            return unauthorized();
        }
        Set<String> all = new TreeSet<>(names);
        if (use != Use.STORED && !secrets.isEmpty()) {
            all.add("secrets");
        }
        String hint = Nearest.hint(name, all);
        return new Finding(
                "unknown-argument",
                "$%s is not defined here%s".formatted(name, hint),
                all.isEmpty()
                        ? "no argument: there is no execution yet"
                        : "one of " + all.stream().map(known -> "$" + known).toList(),
                hint.isEmpty() ? null : hint.substring(2));
    }

    /** Why {@code $authorization} is not here, and where it is. */
    private Finding unauthorized() {
        boolean isSent = use != Use.STORED;
        String why =
                isChallenged
                        ? "$authorization is not known with authentication 'digest': its parameter answers the challenge that the server gives when it is called, and is made of the request itself"
                        : "$authorization is known only in what a call that has an authentication sends";
        return new Finding(
                isSent ? "unknown-argument" : "secret-stored",
                isSent
                        ? why
                        : "$authorization holds what proves who calls, and would become data of the execution and be stored with it",
                "$authorization in what a call with authentication 'basic', 'bearer', 'oauth2' or 'oidc' sends: endpoint, headers, query, body, parameters or arguments",
                isSent
                        ? null
                        : "give it to the service that is called, or keep what the service answers");
    }

    private void secrets(String program, List<Finding> findings) {
        if (use == Use.STORED) {
            findings.add(
                    new Finding(
                            "secret-stored",
                            "a secret would become data of the execution and be stored with it",
                            "$secrets in 'authentication', in what a call or a process is given, in its 'input.from', or in a condition",
                            null));
            return;
        }
        Matcher matcher = SECRET.matcher(program);
        while (matcher.find()) {
            String name = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            if (!secrets.contains(name)) {
                findings.add(undeclared(name));
            }
        }
        if (secrets.isEmpty() && findings.isEmpty()) {
            findings.add(undeclared("…"));
        }
    }

    Finding undeclared(String name) {
        String hint = Nearest.hint(name, secrets);
        return new Finding(
                "unknown-secret",
                "secret '%s' is not declared under use.secrets%s".formatted(name, hint),
                secrets.isEmpty()
                        ? "its name under use.secrets"
                        : "one of "
                                + Check.some(Collections.list(Collections.enumeration(secrets))),
                hint.isEmpty() ? "add it to use.secrets" : hint.substring(2));
    }
}
