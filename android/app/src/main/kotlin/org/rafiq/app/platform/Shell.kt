package org.rafiq.app.platform

import android.content.Context
import android.net.ConnectivityManager
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import org.rafiq.presenters.AppEvent
import org.rafiq.presenters.AppPresenter
import org.rafiq.presenters.Host
import org.rafiq.presenters.Session
import org.rafiq.presenters.UiState
import org.rafiq.presenters.Where
import java.util.TimeZone

/**
 * The app between the system and its presenters: one for as long as the process lives. Closes the files before the system stops the
 * process, locks after a minute away, keeps reminders up to date, exchanges in the background.
 */
class Shell(context: Context, private val quickLock: QuickLock = QuickLock()) {
    private val context = context.applicationContext
    private val reminders = Reminders(this.context)
    private val turn = Mutex()
    private val covered = MutableStateFlow(true)
    private val asking = MutableStateFlow(false)
    private var isAway = true

    /** Lives as long as the process. */
    val scope = CoroutineScope(mainThread + SupervisorJob())

    /** Where an invitation is copied to. */
    val clipboard = Clipboard(this.context)

    /** The whole app. */
    val app = AppPresenter(
        Host(
            folder = profileFolder(this.context),
            vault = KeystoreVault(),
            deviceLanguage = { this.context.resources.configuration.locales[0].toLanguageTag() },
            zone = { TimeZone.getDefault().id },
            metered = { this.context.getSystemService(ConnectivityManager::class.java).isActiveNetworkMetered },
        ),
        scope,
    )

    /** Nothing of the profile is to be seen until it is clear that it need not be locked. */
    val isCovered: StateFlow<Boolean> = covered

    /** There is something to be reminded of, and it is time to ask whether that is wanted. */
    val asksForReminders: StateFlow<Boolean> = asking

    /** The profile, where it is open. */
    val session: Session? get() = (at as? Where.Open)?.session
    private val at: Where? get() = (app.state.value as? UiState.Content)?.content?.at

    init {
        scope.launch { app.state.collect { if (at == Where.SetUp) reminders.forget() } } // wiped, or put aside
    }

    /** The app is seen. */
    fun cameForth() {
        isAway = false
        scope.launch {
            turn.withLock {
                // Gone again while this waited: how long they were away is for the next coming to ask, from when they first left.
                if (isAway) return@withLock
                if (quickLock.cameBack()) app.on(AppEvent.Lock).join() // does nothing without a passphrase
                app.on(AppEvent.Start).join()
                app.on(AppEvent.Resume).join()
                covered.value = isAway
            }
            if (!isAway && remind() && AskAgain.isTime(context)) asking.value = true
        }
    }

    /** The app is no longer seen. One step after the other: who comes back while the files are being closed waits until they are. */
    fun left() {
        isAway = true
        covered.value = true
        quickLock.left()
        scope.launch {
            turn.withLock {
                ExchangeJob.ask(context)
                remind()
                if (isAway) app.on(AppEvent.Suspend).join()
            }
        }
    }

    /** The system has woken the app to exchange. Ends by itself soon, and when it is cancelled. */
    suspend fun exchangeInBackground() {
        try {
            turn.withLock {
                app.on(AppEvent.Start).join() // does nothing where it is open already
                app.on(AppEvent.Resume).join()
            }
            session?.let { // locked: only the person can open it
                ExchangeJob.run(it)
                reminders.schedule(it)
            }
        } finally {
            withContext(NonCancellable) { turn.withLock { if (isAway) app.on(AppEvent.Suspend).join() } }
        }
    }

    /** Days begin and end elsewhere. While nobody looks, the next exchange sees to it. */
    fun clockChanged() {
        if (!isAway) scope.launch { remind() }
    }

    /** The person has answered: reminders may be shown, or not now, or (the phone itself was told so) never. */
    fun answered(never: Boolean) {
        asking.value = false
        AskAgain.later(context, never)
    }

    private suspend fun remind(): Boolean = session?.let { reminders.schedule(it) } ?: false
}

/** Who has said "not now" to reminders is left in peace for two weeks. Kept beside the profile, and tells nothing of it. */
internal object AskAgain {
    private const val AFTER = "ask_for_reminders_after"
    private const val PEACE_MS = 14L * 24 * 60 * 60 * 1000

    fun isTime(context: Context): Boolean = System.currentTimeMillis() >= kept(context).getLong(AFTER, 0)

    fun later(context: Context, never: Boolean) {
        kept(context).edit().putLong(AFTER, if (never) Long.MAX_VALUE else System.currentTimeMillis() + PEACE_MS).apply()
    }

    private fun kept(context: Context) = context.getSharedPreferences("asking", Context.MODE_PRIVATE)
}
