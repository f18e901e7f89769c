package dev.gantry.contract;

/** A part of the contract: tests that run on the bench of {@link RunnerAdapterContract}. */
interface Benched {
    Bench bench();
}
