package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.drop
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import org.rafiq.RafiqException

/**
 * What a screen shows, and what a person does there: events in, [state] out. It lives as long as its scope: whoever opens a screen gives
 * it one and cancels that with the screen. Nothing is thrown out of it. Events are dealt with one after the other, in the order given, and
 * to their end: what somebody has saved is saved, however soon they turn away.
 */
abstract class Presenter<C : Any, E : Any> internal constructor(internal val scope: CoroutineScope) {
    internal val shown = MutableStateFlow<UiState<C>>(UiState.Loading)
    private val turn = Mutex()

    /** Where events are counted until they have been dealt with; none before a profile is open. */
    internal open val work: Work? get() = null

    /** What the screen shows now. */
    val state: StateFlow<UiState<C>> = shown.asStateFlow()

    /** Takes an event. The job ends when it has been dealt with and [state] says so; a screen need not wait for it. */
    fun on(event: E): Job = scope.launch(start = CoroutineStart.UNDISPATCHED) {
        work?.begin()
        try {
            withContext(NonCancellable) { inTurn { act(event) } }
        } finally {
            work?.end()
        }
    }

    /** Deals with an event. */
    internal abstract suspend fun act(event: E)

    /** Runs while nothing else of this presenter does. */
    internal suspend fun inTurn(work: suspend () -> Unit) = turn.withLock { work() }

    /** Steps aside for what takes long: meanwhile others have their turn. */
    internal suspend fun <T> aside(what: suspend () -> T): T {
        turn.unlock()
        try {
            return what()
        } finally {
            withContext(NonCancellable) { turn.lock() }
        }
    }

    /** For what nobody needs any more once the screen has closed. */
    internal suspend fun <T> whileShown(work: suspend () -> T): T = withContext(scope.coroutineContext.job) { work() }

    /** Changes what is shown, where something is. */
    internal fun edit(change: C.() -> C) {
        (shown.value as? UiState.Content)?.let { shown.value = UiState.Content(it.content.change()) }
    }
}

/** A presenter of an open profile: looks again after every change, whoever made it, and after every event. */
abstract class SessionPresenter<C : Any, E : Any> internal constructor(internal val session: Session, scope: CoroutineScope) :
    Presenter<C, E>(scope) {
    /** What is to be said beside the content until the next event. */
    internal var notice: String? = null
    internal final override val work: Work get() = session.work

    /** Reads and says what is shown. */
    internal abstract suspend fun look(): UiState<C>

    /** Does what a person asked for. What it throws becomes the notice. */
    internal abstract suspend fun perform(event: E)

    /** The same content beside another notice. */
    internal abstract fun noted(content: C, notice: String?): C

    /** Called by each presenter when all of it is there. */
    internal fun begin() {
        scope.launch {
            merge(session.rafiq.watch { Any() }, session.awake.drop(1))
                .catch { emit(Unit) } // closed meanwhile: the look says so
                .conflate()
                .collect { inTurn { show() } }
        }
    }

    override suspend fun act(event: E) {
        notice = null
        try {
            perform(event)
        } catch (error: RafiqException) {
            notice = session.words.error(error)
        }
        show()
    }

    internal suspend fun show() {
        shown.value = try {
            withContext(Dispatchers.Default) { look() }
        } catch (_: RafiqException.Locked) {
            UiState.Locked
        } catch (error: RafiqException) {
            val sentence = session.words.error(error)
            val before = shown.value
            val isGone = error is RafiqException.NotFound || error is RafiqException.Invalid
            // What was there stays, unless it is just that which is gone.
            if (before is UiState.Content && !isGone) UiState.Content(noted(before.content, sentence))
            else UiState.Failed(sentence, canRetry = !isGone)
        }
    }
}
