package org.rafiq.presenters

import kotlinx.coroutines.delay
import org.rafiq.Carrier
import org.rafiq.HostClock
import org.rafiq.HostRandom
import org.rafiq.HttpCarrier
import org.rafiq.KeyVault
import java.io.File

/** What the platform gives the presenters. */
class Host(
    /** Where the profile lies. */
    val folder: File,
    /** The platform's secret; without one it lies in a file in [folder]. */
    val vault: KeyVault?,
    /** The language of the device (BCP 47), for before a person has chosen one. */
    val deviceLanguage: () -> String,
    /** The time zone the person is in now: an IANA name. */
    val zone: () -> String,
    /** The time. */
    val clock: HostClock = SystemClock,
    /** Carries exchanges to relays. */
    val carrier: Carrier = HttpCarrier(),
    /** Randomness; the system's if left out. */
    val random: HostRandom? = null,
    /** Support models beside those that ship, as TOML. */
    val models: List<String> = emptyList(),
    /** Waits, in milliseconds: a person types faster than anybody can search. */
    val pause: suspend (Long) -> Unit = ::delay,
    /** How long what somebody has just asked for may still take when the files are to be closed, in milliseconds. */
    val patienceMs: Long = 5_000,
    /** Whether the line of this moment costs by the amount, as the system says. */
    val metered: () -> Boolean = { false },
)

private object SystemClock : HostClock {
    override fun nowMs(): Long = System.currentTimeMillis()
}
