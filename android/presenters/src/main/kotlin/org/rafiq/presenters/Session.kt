package org.rafiq.presenters

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.rafiq.Budget
import org.rafiq.Carrier
import org.rafiq.HostClock
import org.rafiq.PersonRef
import org.rafiq.Rafiq
import org.rafiq.RafiqException
import org.rafiq.SupportModelInfo

/** An open profile, in one language: what every screen stands on. Another language or another unlocking is another session. */
class Session internal constructor(
    /** The library. Screens go through presenters; the platform's jobs (exchange, reminders) call it. */
    val rafiq: Rafiq,
    /** The person's words. */
    val words: Words,
    internal val me: PersonRef,
    internal val host: Host,
    internal val keeper: AppPresenter,
    private val wakefulness: MutableStateFlow<Wakefulness>,
    internal val work: Work,
) {
    private val reading = Mutex()
    private var knownModels: List<SupportModelInfo>? = null

    /** The time zone the person is in now. */
    val zone: String get() = host.zone()

    /** The time. */
    val clock: HostClock get() = host.clock

    /** Carries exchanges. */
    val carrier: Carrier get() = host.carrier

    /** What one request and one answer may cost on the line of this moment. */
    fun budget(bytes: Long): Budget = Budget(bytes, host.metered())

    internal val nowMs: Long get() = host.clock.nowMs()

    /** Whether the profile can be asked now. */
    internal val awake: StateFlow<Wakefulness> get() = wakefulness

    /**
     * Asks the library. While the app is suspended it waits; a call that a suspend cut off is made again, since nothing came of it.
     * Throws [RafiqException.Locked] once the profile is closed for good.
     */
    internal suspend fun <T> ask(question: suspend Rafiq.() -> T): T {
        repeat(MOST_TRIES) {
            if (wakefulness.first { it != Wakefulness.SUSPENDED } == Wakefulness.CLOSED) throw RafiqException.Locked()
            try {
                return rafiq.question()
            } catch (_: RafiqException.Closed) {
                // suspended or locked meanwhile: look which
            }
        }
        throw if (wakefulness.value == Wakefulness.CLOSED) RafiqException.Locked() else RafiqException.Closed()
    }

    /** The support models, read once: they do not change while a profile is open. */
    internal suspend fun models(): List<SupportModelInfo> =
        reading.withLock { knownModels ?: ask { supportModels() }.also { knownModels = it } }

    private companion object {
        /** A phone that is suspended and woken this often within one call is being shaken. */
        const val MOST_TRIES = 20
    }
}

/** Whether a profile can be asked. */
internal enum class Wakefulness { AWAKE, SUSPENDED, CLOSED }
