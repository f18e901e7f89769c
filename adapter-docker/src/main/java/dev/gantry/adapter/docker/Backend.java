package dev.gantry.adapter.docker;

/** The engine, by what is asked of it. */
record Backend(Containers containers, Streams streams, ContainerFiles files, Signals signals) {}
