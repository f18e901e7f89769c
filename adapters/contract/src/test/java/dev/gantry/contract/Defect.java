package dev.gantry.contract;

import java.util.List;

/** One broken promise each, and the tests of the kit that must notice it. */
enum Defect {
    NONE,

    // What a step has on the backend
    BEGINS_WHEN_IT_PROVISIONS("doesNotBeginTheWorkloadWhenItProvisions"),
    RUNS_ADOPTED_WORK_AGAIN(
            "observesWhatRunsAlreadyInsteadOfBeginningItAgain",
            "adoptsWhatHasEndedWithoutRunningItAgain"),
    CREATES_A_SECOND_RESOURCE(
            "adoptsWhatALostReplyLeftBehind",
            "mendsAReplyThatWasLostAfterCreate",
            "endsEveryStepAsItShouldWhateverBreaks"),
    RACES_WITH_OTHERS("createsOneResourceWhenAskedByManyAtOnce"),
    LEAVES_A_PART_WHEN_KILLED("leavesOneResourceWhenKilledWhileProvisioning"),
    LEAVES_THE_EARLIER_ATTEMPT_ALIVE("endsAnEarlierAttemptBeforeTheNextExists"),
    DOES_NOT_WAIT_FOR_THE_EARLIER_ATTEMPT("endsAnEarlierAttemptBeforeTheNextExists"),
    ADOPTS_THE_EARLIER_ATTEMPT(
            "endsAnEarlierAttemptBeforeTheNextExists", "probesNoStateOfAnEarlierAttempt"),
    TEARS_DOWN_ONLY_WHAT_IT_MADE("removesWhatAnotherInstanceProvisioned"),
    TEARS_DOWN_EVERYTHING("removesOnlyItsOwn"),
    LOSES_A_LABEL("labelsEveryResource"),
    HIDES_WHAT_HAS_ENDED("listsResourcesInEveryState"),
    LISTS_WHAT_IS_FOREIGN("leavesResourcesOfOtherInstallationsAlone"),
    PUTS_THE_INPUT_INTO_THE_HANDLE("putsNoSecretIntoHandlesAndLabels"),
    LEAKS_AT_TEARDOWN(
            "removesWhatHasEnded",
            "reclaimsWhatLostItsOwner",
            "endsEveryStepAsItShouldWhateverBreaks"),
    LEAKS_WHAT_NEVER_BEGAN("removesWhatNeverBegan"),
    FAILS_A_SECOND_TEARDOWN("doesNothingWhenItIsTornDownAgain"),
    TEARS_DOWN_THE_LATER_ATTEMPT("sparesALaterAttemptOfTheStep"),

    // What it finds wrong
    ACCEPTS_GARBAGE("findsAPropertyThatItDoesNotKnow", "refusesToRunWhatIsWrong"),
    MAKES_NO_SUGGESTION("knowsWhatAMisspeltPropertyWasMeantToBe"),
    POINTS_AT_THE_WRONG_PLACE("findsAPropertyThatItDoesNotKnow"),
    RUNS_WHAT_IT_FINDS_WRONG("refusesToRunWhatIsWrong"),
    FINDS_FAULT_WITH_EVERYTHING("findsNothingWrongWithWhatRuns"),

    LETS_NO_CHILD_STARVE("letsAWorkloadGoOnWhoseChildHadTooLittleMemory"),
    CALLS_A_CODE_A_KILL("tellsACodeFromAKill"),
    COUNTS_WHAT_NOBODY_ASKED_FOR("countsOnlyWhatIsAskedForAgainstTheLimit"),
    CUTS_A_LONG_SCRIPT("runsScriptsThatAreLongerThanAnArgument"),
    TAKES_OPTIONS_FOR_ITS_OWN("leavesArgumentsToTheScript"),
    TAKES_ARGUMENTS_OF_ANY_LENGTH("refusesAnArgumentThatNoProcessTakes"),
    DROPS_THE_LINE_BREAK_OF_A_LONG_LINE("keepsLinesOfAnyLength"),

    // What it says
    ALTERS_THE_INPUT("givesTheWorkloadItsInput"),
    CUTS_A_LARGE_INPUT("givesTheWorkloadAnInputThatFitsInNoVariable"),
    HIDES_THE_CORRELATION("tellsTheWorkloadWhoItIs"),
    HIDES_THE_TENANT("tellsTheWorkloadWhoItIs"),
    HIDES_THE_EXECUTION("tellsTheWorkloadWhoItIs"),
    HIDES_THE_STEP("tellsTheWorkloadWhoItIs"),
    HIDES_THE_ATTEMPT("tellsTheWorkloadWhoItIs"),
    HIDES_THE_INITIATOR("tellsTheWorkloadWhoItIs"),
    HIDES_THE_IDEMPOTENCY_KEY("tellsTheWorkloadWhoItIs"),
    HIDES_THE_TRACE("tellsTheWorkloadWhoItIs"),
    IGNORES_WHAT_THE_RESULT_IS("takesAnExitCodeForTheResultIfAskedTo"),
    MISNAMES_ITS_HANDLES("writesHandlesThatCanBeReadAgain"),
    CLAIMS_SOMETHING_ELSE_IN_EACH_INSTANCE("declaresTheSameInEveryInstance"),
    CLAIMS_LESS_WITHOUT_A_BACKEND("declaresTheSameWithItsBackendDown"),
    PRETENDS_TO_PROVISION_WITHOUT_A_BACKEND("startsNothingWithItsBackendDown"),
    IS_NEVER_HEALTHY("isHealthyWhenItsBackendIs"),
    REFUSES_A_CLASS_THAT_IT_DECLARES("servesEveryRuntimeClassThatItDeclares"),
    CLAIMS_MORE_THAN_AGREED("declaresWhatItsAuthorsExpect"),
    CLAIMS_FOR_A_WORKLOAD_WHAT_IT_HIDES("declaresForAWorkloadNothingThatItDoesNotDeclareAtAll"),
    SERVES_A_CLASS_THAT_IT_DOES_NOT_DECLARE("refusesARuntimeClassThatItDoesNotDeclare"),
    CALLS_ITSELF_HEALTHY_WITHOUT_A_BACKEND("tellsThatItsBackendIsDown"),
    LISTS_NOTHING_WHEN_IT_CANNOT_SEE("claimsNoKnowledgeWithItsBackendDown"),
    FORGETS_AT_A_RESTART(
            "goesOnObservingAfterARestart",
            "learnsAnEndThatNobodySaw",
            "probesRunningWhileItRuns",
            "cancelsWhatAnotherInstanceBegan"),
    KILLS_ITS_WORK_WHEN_CLOSED(
            "leavesTheWorkAloneWhenItCloses",
            "goesOnObservingAfterARestart",
            "endsEveryStepAsItShouldWhateverBreaks"),
    SAYS_GONE_OF_WHAT_WAITS("probesNeverStartedBeforeTheRun"),
    SAYS_RUNNING_OF_WHAT_WAS_CANCELLED("probesAnEndAfterACancel"),
    FORGETS_THE_RESULT(
            "probesDoneWithTheSuccess",
            "learnsAnEndThatNobodySaw",
            "endsEveryStepAsItShouldWhateverBreaks"),
    TELLS_THE_INPUT_IN_A_FAILURE("tellsNoInputInAFailure"),
    SAYS_NEVER_STARTED_OF_WHAT_RUNS("probesRunningWhileItRuns"),
    SAYS_NEVER_STARTED_OF_WHAT_IS_GONE("probesNoStartAfterTeardown"),
    SAYS_NEVER_STARTED_OF_WHAT_IT_LOST("admitsThatItLostSightOfWhatRuns"),
    HIDES_A_FAILURE(
            "reportsAFailureOfTheWorkload",
            "probesDoneWithTheFailure",
            "endsEveryStepAsItShouldWhateverBreaks"),
    FAILS_WITHOUT_A_REASON("reportsAFailureOfTheWorkload"),
    TAKES_A_WRONG_RESULT("keepsStepsApartThatRunAtTheSameTime"),
    IGNORES_THE_OUTPUT_LIMIT("failsAnOutputOverTheLimit"),
    REFUSES_AN_OUTPUT_AT_THE_LIMIT("acceptsAnOutputOfTheSizeOfTheLimit"),
    IGNORES_THE_MEMORY_LIMIT("endsWhatTakesTooMuchMemory"),
    GRANTS_LESS_MEMORY_THAN_AGREED("grantsTheMemoryUnderTheLimit"),
    IGNORES_THE_CPU_LIMIT("givesNoMoreCpuThanTheLimit"),
    MEASURES_NOTHING(
            "measuresWhatAStepUses", "measuresWhatWasCancelled", "goesOnMeasuringAfterARestart"),
    GUESSES_WHAT_A_STEP_USES("measuresWhatAStepUses", "goesOnMeasuringAfterARestart"),
    TELLS_A_LIMIT_FOR_THE_PEAK("measuresWhatAStepUses", "goesOnMeasuringAfterARestart"),
    FORGETS_WHAT_WAS_MEASURED_AT_A_CANCEL("measuresWhatWasCancelled"),
    STOPS_MEASURING_AT_A_RESTART("goesOnMeasuringAfterARestart"),
    TELLS_NO_LIMIT_THAT_NOBODY_ASKED_FOR("tellsTheLimitsInForce"),
    IGNORES_THE_TIMEOUT("endsByItselfWhatIsOverdue"),
    BLOCKS_IN_RUN("returnsFromRunAtOnce"),
    PARKS_A_THREAD_PER_STEP("holdsNoPlatformThreadPerStep"),

    // Cancel
    CONFIRMS_A_CANCEL_EARLY(
            "cancelsWhatRuns",
            "cancelsWhatAnotherInstanceBegan",
            "endsEveryStepAsItShouldWhateverBreaks"),
    BEGINS_WHAT_IT_SHALL_CANCEL("cancelsWhatNeverBegan"),
    NEVER_USES_FORCE("cancelsByForceWhatIgnoresTheRequest"),
    USES_FORCE_AT_ONCE("letsTheGracePeriodPassBeforeItUsesForce"),
    MISSES_A_CANCEL_DURING_START("cancelsWhatIsJustBeginning"),
    CALLS_A_CANCEL_A_SUCCESS(
            "cancelsWhatRuns",
            "cancelsTwiceAtTheSameTime",
            "endsEveryStepAsItShouldWhateverBreaks"),
    REWRITES_AN_ENDING("cancelsWhatHasEnded"),
    CANCELS_EVERYTHING("cancelsNothingElse"),
    CONFIRMS_A_DEATH_THAT_IT_CANNOT_SEE("confirmsNoDeathWithItsBackendDown"),

    // Logs and files
    DROPS_THE_LOG_TAIL("deliversBothStreamsToTheLastByte", "losesNothingOfAFlood"),
    REPEATS_LOGS_AT_REATTACH("continuesLogsByOffsetAfterARestart"),
    SKIPS_LOGS_AT_REATTACH("continuesLogsByOffsetAfterARestart"),
    SWAPS_THE_STREAMS("deliversBothStreamsToTheLastByte"),
    REUSES_ITS_BUFFER("losesNothingOfAFlood"),
    WRITES_TOO_MUCH_AT_ONCE("deliversBothStreamsToTheLastByte"),
    STREAMS_ONLY_AT_THE_END("streamsLogsWhileItRuns"),
    QUEUES_LOGS_WITHOUT_A_LIMIT(
            "holdsBackAFloodWhileTheSinkIsBusy", "holdsBackAFloodWhileTheCollectorIsBusy"),
    STOPS_AT_THE_LOG_LIMIT_TOO_EARLY("keepsTheBeginningOfLogsOverTheLimit"),
    LOSES_THE_LOGS_OF_WHAT_WAS_CANCELLED("keepsTheLogsOfWhatWasCancelled"),
    LOSES_THE_LOGS_OF_AN_UNSEEN_END("deliversLogsOfAnEndThatNobodySaw"),
    SENDS_NO_FILES("deliversOutputFiles", "deliversOutputFilesAfterARestart"),
    SENDS_FILES_OF_ITS_OWN("deliversNoFileThatNobodyWrote"),
    SENDS_WHAT_IS_NOT_WANTED("sendsNoFileThatIsNotWanted"),
    CUTS_FILES_SHORT("deliversOutputFiles"),
    HIDES_AN_INTERRUPTION("collectsTheRestAfterAnInterruption"),
    COLLECTS_ONLY_ONCE("collectsTheRestAfterAnInterruption", "collectsNothingTwice"),

    // Without claims
    SENDS_FILES_WITHOUT_THE_CLAIM("sendsNoFilesWithoutTheClaim"),
    FAILS_A_TEARDOWN_ODDLY_WITHOUT_THE_CLAIM("saysSoIfItCannotBeTornDownAgain"),
    OWNS_WITHOUT_THE_CLAIM("ownsNothingWithoutTheClaim"),
    CONFIRMS_A_CANCEL_WITHOUT_THE_CLAIM("confirmsNoDeathWithoutTheClaim"),
    MAKES_UP_AN_ENDING_WITHOUT_THE_CLAIM("refusesToReattachWithoutTheClaim"),
    MEASURES_WITHOUT_THE_CLAIM("makesNoUsageUpWithoutTheClaim"),
    GUESSES_WITHOUT_THE_CLAIM("probesRunningWhileItRuns", "probesNoStartAfterTeardown");

    @SuppressWarnings("ImmutableEnumChecker") // List.of never changes.
    private final List<String> noticedBy;

    Defect(String... noticedBy) {
        this.noticedBy = List.of(noticedBy);
    }

    List<String> noticedBy() {
        return noticedBy;
    }

    /** Whether it is a defect of an adapter that claims nothing. */
    boolean isOfModestRunner() {
        return name().endsWith("WITHOUT_THE_CLAIM");
    }
}
