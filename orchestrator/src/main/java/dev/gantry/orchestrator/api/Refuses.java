package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.problem.ProblemCode;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The problems of an endpoint beyond those that follow from its form, see {@link PossibleProblems}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Refuses {
    ProblemCode[] value();
}
