@NullMarked
package dev.gantry.adapter.k8sjob;

import org.jspecify.annotations.NullMarked;
