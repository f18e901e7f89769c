package dev.gantry.orchestrator.runner;

/**
 * What the code in an adapter jar sees of Gantry: the JDK, the SPI, and the logging facade, so that
 * its lines end up in Gantry's log. The jar brings everything else itself, in the versions that it
 * needs.
 */
final class SpiClassLoader extends ClassLoader {
    private final ClassLoader gantry;

    SpiClassLoader(ClassLoader gantry) {
        super("gantry-spi", getPlatformClassLoader());
        this.gantry = gantry;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (name.startsWith("dev.gantry.spi.")
                || name.startsWith("org.slf4j.")
                || name.startsWith("org.jspecify.annotations.")) {
            return gantry.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
