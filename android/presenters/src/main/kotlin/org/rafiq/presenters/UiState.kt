package org.rafiq.presenters

/** What a screen shows. Every text in it is already said in the person's language. */
sealed interface UiState<out C> {
    /** Nothing is known yet. */
    data object Loading : UiState<Nothing>

    /** There is nothing here yet, and [sentence] says so warmly. */
    data class Empty(val sentence: String) : UiState<Nothing>

    /** The profile was locked; the app shows its question instead. */
    data object Locked : UiState<Nothing>

    /** It could not be shown: why, in a sentence, and whether trying again makes sense. */
    data class Failed(val sentence: String, val canRetry: Boolean) : UiState<Nothing>

    /** What there is. */
    data class Content<C>(val content: C) : UiState<C>
}
