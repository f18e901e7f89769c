package dev.gantry.orchestrator.security;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The way back for who owns the data folder, when an administrator's key is lost or known to
 * others.
 *
 * @param newAdmin whether this start makes an administrator's key, also where there are others
 * @param revokeAdmins whether that one takes the place of all others
 */
@ConfigurationProperties(value = "gantry.keys", ignoreUnknownFields = false)
record KeySettings(
        @DefaultValue("false") boolean newAdmin, @DefaultValue("false") boolean revokeAdmins) {}
