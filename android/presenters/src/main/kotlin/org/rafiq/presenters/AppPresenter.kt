package org.rafiq.presenters

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.completeWith
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.rafiq.Budget
import org.rafiq.Me
import org.rafiq.NewMe
import org.rafiq.ProfileCorrupt
import org.rafiq.ProfileEmpty
import org.rafiq.ProfileInUse
import org.rafiq.ProfileKeyLost
import org.rafiq.ProfileNeedsPassphrase
import org.rafiq.ProfileNewerVersion
import org.rafiq.Rafiq
import org.rafiq.RafiqException

/** Where the app is. */
data class AppContent(
    val at: Where,
    /** In the person's language, or, before anything is open, in the one last used, or the device's. */
    val words: Words,
    val notice: String?,
)

/** The states of the whole app. */
sealed interface Where {
    /** Nobody has said who they are yet: [SetUpPresenter]. */
    data object SetUp : Where

    /** A passphrase is needed: [UnlockPresenter]. */
    data object Locked : Where

    /** The tabs. A new session (after unlocking, in another language) means new presenters. */
    data class Open(val session: Session) : Where

    /** The store is damaged; it can be set aside. With a passphrase, if it has one. */
    data class Damaged(val sentence: String, val needsPassphrase: Boolean) : Where

    /** The platform's key is gone or does not fit. */
    data class KeyLost(val sentence: String) : Where

    /** A newer app wrote it. */
    data class NewerVersion(val sentence: String) : Where

    /** It is open elsewhere; to be tried again. */
    data class InUse(val sentence: String) : Where
}

/** What happens to the whole app. */
sealed interface AppEvent {
    /** Looks what there is and opens it; also what "try again" does. */
    data object Start : AppEvent

    /** Somebody has said who they are ([SetUpPresenter] sends it). */
    data class SetUpDone(val name: String, val language: String, val passphrase: String?) : AppEvent

    /** Somebody has twelve words of a phone that is gone, and the address of their relay ([SetUpPresenter] sends it). */
    data class Recover(val words: String, val relay: String, val language: String, val passphrase: String?) : AppEvent
    data class Unlock(val passphrase: String) : AppEvent

    /** Closes what is open, if a passphrase protects it. */
    data object Lock : AppEvent

    /** Puts a damaged store aside and begins a fresh one. */
    data class SetAside(val passphrase: String?) : AppEvent

    /** The system is about to stop the app: closes the files. */
    data object Suspend : AppEvent
    data object Resume : AppEvent
    data object Dismiss : AppEvent
}

/**
 * The whole app: opens the profile, and keeps it. One for as long as the process lives.
 *
 * A profile is locked by closing it; a suspended one stays open and waits.
 */
class AppPresenter(internal val host: Host, scope: CoroutineScope) : Presenter<AppContent, AppEvent>(scope) {
    private var rafiq: Rafiq? = null
    private var wakefulness = MutableStateFlow(Wakefulness.AWAKE)
    private var profileWork = Work()
    private var words: Words? = null

    /** The passphrase of a profile that is still being set up: a person may yet choose another one. */
    private var chosen: String? = null

    /** Whether a passphrase protects the profile that is open. */
    internal var hasPassphrase = false
        private set

    override suspend fun act(event: AppEvent) {
        val before = (shown.value as? UiState.Content)?.content
        try {
            when (event) {
                AppEvent.Start -> start()
                is AppEvent.SetUpDone -> if (before?.at == Where.SetUp) begin(event)
                is AppEvent.Recover -> if (before?.at == Where.SetUp) recover(event)
                is AppEvent.Unlock -> open(event.passphrase)
                AppEvent.Lock -> if (hasPassphrase && rafiq != null) {
                    shown.value = UiState.Loading // whoever has tapped it is not looked over the shoulder while the rest is saved
                    finish()
                    close()
                    start()
                }
                is AppEvent.SetAside -> if (rafiq == null) {
                    Rafiq.setAside(host.folder, event.passphrase?.ifEmpty { null }, host.vault)
                    start()
                }
                AppEvent.Suspend -> sleep()
                AppEvent.Resume -> wake()
                AppEvent.Dismiss -> edit { copy(notice = null) }
            }
        } catch (error: RafiqException) {
            val words = speak()
            val where = whereNow(error, words)
            val last = (shown.value as? UiState.Content)?.content ?: before // others may have had their turn meanwhile
            if (where != null) close() // also what could not be resumed
            shown.value = when {
                // Where nothing moved, the sentence says why.
                where != null -> UiState.Content(AppContent(where, words, if (where == last?.at) words.error(error) else null))
                // What was shown stays, unless it is of a profile that was closed meanwhile.
                last != null && (last.at !is Where.Open || rafiq != null) -> UiState.Content(last.copy(notice = words.error(error)))
                else -> UiState.Failed(words.error(error), canRetry = true)
            }
        }
    }

    /** Goes on in another language, or calendar, which is kept already: the same profile, a new session. It may have been locked meanwhile. */
    internal suspend fun goOn(session: Session, me: Me) = outlasting {
        session.work.aside { inTurn { if (rafiq === session.rafiq) show(session.rafiq, me) } }
    }

    /** Sets, changes or takes away the passphrase of the profile that is open. */
    internal suspend fun changePassphrase(old: String?, new: String?) = outlasting {
        Rafiq.changePassphrase(host.folder, old, new, host.vault)
        hasPassphrase = new != null
    }

    /** Forgets everything, and begins anew. */
    internal suspend fun wipe() = outlasting {
        inTurn {
            shown.value = UiState.Loading
            close() // nothing is waited for: all of it is to be gone
            try {
                Rafiq.wipe(host.folder, host.vault)
            } finally {
                act(AppEvent.Start)
            }
        }
    }

    /** Runs to its end although the screen that asked for it is closed meanwhile. Begins at once: who asks first has the first turn. */
    private suspend fun outlasting(work: suspend () -> Unit) {
        val end = CompletableDeferred<Unit>()
        scope.launch(start = CoroutineStart.UNDISPATCHED) { end.completeWith(runCatching { work() }) }
        end.await()
    }

    private suspend fun start() {
        if (rafiq != null) return
        when (Rafiq.inspect(host.folder, host.vault)) {
            ProfileEmpty -> at(Where.SetUp)
            ProfileNeedsPassphrase -> {
                hasPassphrase = true
                at(Where.Locked)
            }
            ProfileKeyLost -> throw RafiqException.KeyLost()
            ProfileCorrupt -> throw RafiqException.Corrupt()
            ProfileNewerVersion -> throw RafiqException.NewerVersion()
            ProfileInUse -> throw RafiqException.InUse()
            else -> {
                hasPassphrase = false
                open(null)
            }
        }
    }

    private suspend fun open(passphrase: String?) {
        if (rafiq != null) return
        val opened = Rafiq.open(host.folder, host.vault, passphrase, host.clock, host.random, host.models)
        keep(opened)
        val me = opened.people.me()
        if (me != null) return show(opened, me)
        chosen = passphrase // nobody has said who they are: the one before was put aside, or the first steps were not ended
        at(Where.SetUp)
    }

    private suspend fun begin(done: AppEvent.SetUpDone) {
        val profile = unnamed(done.passphrase?.ifEmpty { null })
        show(profile, profile.people.setMe(NewMe(done.name, done.language, null)))
        chosen = null
    }

    private suspend fun recover(of: AppEvent.Recover) {
        val words = words(of.language) // in which also mistakes are told
        val profile = unnamed(of.passphrase?.ifEmpty { null })
        // Others have their turn meanwhile: whoever turns away, or locks, does not wait for the line.
        val me = aside { find(profile, of) }
        when {
            rafiq !== profile -> return // locked: what was found is there after unlocking
            me == null -> edit { copy(notice = words.say { text("app-kit-unreached") }) }
            else -> {
                show(profile, me)
                chosen = null
            }
        }
    }

    /** Whose the words are: their relay is asked, unless it has answered already. Null where that, or their name, did not get through. */
    private suspend fun find(profile: Rafiq, of: AppEvent.Recover): Me? = reached {
        if (profile.people.me() == null && !profile.recovery.isReading()) profile.recover(of.words, of.relay, host.carrier)
        // Brings their name, and what they have written; the rest of it comes with the next ones.
        reached { profile.exchange(budget = Budget(AT_ONCE, host.metered()), carrier = host.carrier) }
        profile.people.me()
    }

    /** What a relay answers; null where there is no line, or none any more since the app was put to sleep. */
    private suspend fun <T> reached(ask: suspend () -> T): T? = try {
        ask()
    } catch (error: RafiqException) {
        if (error is RafiqException.Host || error is RafiqException.Closed) null else throw error
    } catch (_: Exception) { // whatever a carrier throws
        null
    }

    /** The profile in which nobody has said yet who they are. */
    private suspend fun unnamed(passphrase: String?): Rafiq {
        val profile = rafiq ?: Rafiq.open(host.folder, host.vault, passphrase, host.clock, host.random, host.models).also {
            keep(it)
            hasPassphrase = passphrase != null
            chosen = passphrase
        }
        if (passphrase != chosen) {
            changePassphrase(chosen, passphrase)
            chosen = passphrase
        }
        return profile
    }

    private fun keep(opened: Rafiq) {
        rafiq = opened
        wakefulness = MutableStateFlow(Wakefulness.AWAKE)
        profileWork = Work()
    }

    private suspend fun show(rafiq: Rafiq, me: Me) {
        val tag = me.calendar?.let { "${me.language}-u-ca-$it" } ?: me.language
        val shipped = words(tag)
        val words = if (host.models.isEmpty()) shipped else shipped.with(rafiq.modelTexts(shipped.tag))
        Rafiq.keepLanguage(host.folder, me.language)
        val session = Session(rafiq, words, me.id, host, this, wakefulness, profileWork)
        shown.value = UiState.Content(AppContent(Where.Open(session), words, null))
    }

    private suspend fun at(where: Where) {
        shown.value = UiState.Content(AppContent(where, speak(), null))
    }

    /** What somebody has saved is saved, also if it still waits for its turn, or for the app to be woken; within what the host allows. */
    private suspend fun finish() {
        if (!profileWork.isRunning) return
        if (wakefulness.value == Wakefulness.SUSPENDED) {
            try {
                wake()
            } catch (_: RafiqException) {
                return // it cannot be saved; opening it again says why
            }
        }
        profileWork.done(host.patienceMs)
    }

    /** The profile that is open is asked no more, then its files are closed. */
    private suspend fun close() {
        wakefulness.value = Wakefulness.CLOSED
        val closing = rafiq ?: return
        rafiq = null
        withContext(Dispatchers.IO) { closing.close() }
    }

    private suspend fun sleep() {
        val profile = rafiq ?: return
        if (wakefulness.value == Wakefulness.AWAKE) finish() // the system may end the process while it sleeps
        wakefulness.value = Wakefulness.SUSPENDED
        profile.suspend()
    }

    private suspend fun wake() {
        val profile = rafiq ?: return
        profile.resume()
        wakefulness.value = Wakefulness.AWAKE
    }

    /** The words before anything is open: in the language last used, else the device's. */
    private suspend fun speak(): Words =
        words ?: words(Rafiq.lastLanguage(host.folder) ?: host.deviceLanguage())

    private suspend fun words(tag: String): Words {
        words?.takeIf { it.tag == tag }?.let { return it }
        return withContext(Dispatchers.Default) { Words.of(tag) }.also { words = it }
    }

    /** What an error that forbids opening makes of the app; null for one that only this attempt met. */
    internal fun whereNow(error: RafiqException, words: Words): Where? = when (error) {
        is RafiqException.Corrupt -> Where.Damaged(words.error(error), hasPassphrase)
        is RafiqException.KeyLost, is RafiqException.WrongKey -> Where.KeyLost(words.error(error))
        is RafiqException.NewerVersion -> Where.NewerVersion(words.error(error))
        is RafiqException.InUse -> Where.InUse(words.error(error))
        else -> null
    }

    private companion object {
        /** Bytes of one request and of one answer. */
        const val AT_ONCE = 512L * 1024
    }
}
