package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.util.StdConverter;
import dev.gantry.orchestrator.definition.plan.Directive;

/** Where control goes, as a number: the index of a task, or one below zero for what is no task. */
final class JournaledDirective {
    private static final int EXIT = -1;
    private static final int END = -2;
    private static final int CONTINUE = -3;

    private JournaledDirective() {}

    static final class Write extends StdConverter<Directive, Integer> {
        @Override
        public Integer convert(Directive directive) {
            return switch (directive) {
                case Directive.GoTo target -> target.index();
                case Directive.Exit _ -> EXIT;
                case Directive.End _ -> END;
                case Directive.Continue _ -> CONTINUE;
            };
        }
    }

    static final class Read extends StdConverter<Integer, Directive> {
        @Override
        public Directive convert(Integer code) {
            return switch (code) {
                case EXIT -> Directive.EXIT;
                case END -> Directive.END;
                case CONTINUE -> Directive.CONTINUE;
                default -> new Directive.GoTo(code);
            };
        }
    }
}
