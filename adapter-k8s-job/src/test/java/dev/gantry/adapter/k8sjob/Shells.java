package dev.gantry.adapter.k8sjob;

import dev.gantry.contract.Behaviour;
import dev.gantry.contract.ShellWorkloads;
import dev.gantry.spi.Workload;

/** Shell scripts in the image that the tests' cluster has. */
final class Shells {
    private static final ShellWorkloads SHELLS = new ShellWorkloads(RealCluster.IMAGE);

    private Shells() {}

    static Workload workload(Behaviour behaviour) {
        return SHELLS.workload(behaviour);
    }

    static Workload.Process shell(String script) {
        return SHELLS.shell(script);
    }
}
