package dev.gantry.contract;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** Measures memory that is reachable, on the heap and in direct buffers. */
final class Heap {
    private Heap() {}

    static long usedBytes() {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long buffers =
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> pool.getName().equals("direct"))
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum();
        return heap + buffers;
    }
}
