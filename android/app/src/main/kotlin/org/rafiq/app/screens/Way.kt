package org.rafiq.app.screens

import android.view.View
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch
import org.rafiq.app.look.Look
import org.rafiq.app.look.Page
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.restful
import org.rafiq.presenters.Place
import org.rafiq.presenters.UiState
import org.rafiq.presenters.Word

/** What the system does for a screen. */
interface ShellActions {
    /** Whether there is a camera that may be used. */
    val canScan: Boolean

    /** Opens the camera for a code; [found] is called with what it says, or not at all. */
    fun scan(found: (String) -> Unit)

    /** Puts an invitation where it can be pasted from. */
    fun copy(text: String)

    /** Hands an invitation to another app. */
    fun share(text: String)
}

/** What a screen stands on: its look, the scope that ends with it, and the ways on from it. */
class Way(
    val look: Look,
    val scope: CoroutineScope,
    val shell: ShellActions,
    private val opens: ((Place) -> Unit)? = null,
    /** One step back; null on a tab, and before a profile is open. */
    val back: (() -> Unit)? = null,
) {
    /** Opens a place. */
    fun open(place: Place) {
        opens?.invoke(place)
    }

    /** What opens a place, if there is one. */
    fun opening(place: Place?): (() -> Unit)? = place?.let { { open(it) } }

    /** An empty screen with this way's bars. */
    fun page(): Page = Page(look, back, opens?.let { { open(Place.Profile) } })

    /**
     * A screen that follows [state]: its content, or why there is none. [title] heads it while there is no content; [instead] is what can
     * be done where there is nothing yet; [again] is what "try again" does.
     */
    fun <C : Any> screen(
        state: StateFlow<UiState<C>>, title: String, instead: Pair<String, () -> Unit>? = null, again: () -> Unit = {},
        fill: Page.(C) -> Unit,
    ): View {
        val page = page()
        scope.launch { state.collect { page.show(it, title, instead, again, fill) } }
        return page
    }

    /** A word. */
    operator fun get(word: Word): String = look.labels[word]
}

/** What a presenter shows now; null where it is not content. */
fun <C : Any> StateFlow<UiState<C>>.now(): C? = (value as? UiState.Content)?.content

private fun <C : Any> Page.show(
    state: UiState<C>, title: String, instead: Pair<String, () -> Unit>?, again: () -> Unit, fill: Page.(C) -> Unit,
) {
    when (state) {
        UiState.Loading -> show(title, step = UiState.Loading) { busy(look.labels[Word.LOADING]) }
        UiState.Locked -> show("", step = UiState.Locked) {} // the app asks for the passphrase instead
        is UiState.Empty -> show(title, step = state, main = { instead?.let { (text, go) -> main(text, action = go) } }) {
            piece("restful", state.sentence) { look.restful(state.sentence) }
        }
        is UiState.Failed -> show(title, step = state, main = { if (state.canRetry) main(look.labels[Word.TRY_AGAIN], action = again) }) {
            quiet(state.sentence, Pictogram.ALERT)
        }
        is UiState.Content -> fill(state.content)
    }
}
