package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch

/** The question for the passphrase, in the language last used. */
data class UnlockContent(
    val question: String,
    /** The passphrase was not right, in a sentence. */
    val wrong: String?,
    /** It is being tried, which takes about a second. */
    val busy: Boolean,
    val words: Words,
    val remark: String?,
)

/** What a person does to open. */
sealed interface UnlockEvent {
    data class Enter(val passphrase: String) : UnlockEvent
}

/** Opens what a passphrase protects. */
class UnlockPresenter(private val app: AppPresenter, scope: CoroutineScope) : Presenter<UnlockContent, UnlockEvent>(scope) {
    init {
        scope.launch { inTurn { show(busy = false) } }
    }

    override suspend fun act(event: UnlockEvent) {
        when (event) {
            is UnlockEvent.Enter -> {
                if (event.passphrase.isEmpty()) return
                show(busy = true)
                app.on(AppEvent.Unlock(event.passphrase)).join()
                show(busy = false)
            }
        }
    }

    private fun show(busy: Boolean) {
        val found = (app.state.value as? UiState.Content)?.content ?: return
        shown.value = found.words.say {
            UiState.Content(UnlockContent(text("error-locked"), found.notice.takeUnless { busy }, busy, found.words, remark))
        }
    }
}
