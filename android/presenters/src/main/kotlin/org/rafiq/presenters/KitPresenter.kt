package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope

/** Twelve words on paper, for the day on which the phone is gone. */
data class KitContent(
    /** When they were made, in a sentence; null for none. */
    val made: String?,
    /** Whether they serve already, in a sentence; null for none. */
    val standing: String?,
    /** No relay is there yet to keep anything for them, in a sentence. */
    val missing: String?,
    /** They wait for an exchange, or for the relay that is set where exchanges stand. */
    val waits: Boolean,
    /** The words that were made just now, each with its number; shown this once, and empty as soon as they are on paper. */
    val words: List<String>,
    /** The address that belongs onto the paper, too; null without words. */
    val relay: String?,
    val remark: String?,
    val notice: String?,
)

/** What a person does with the words. */
sealed interface KitEvent {
    /** Makes them; earlier ones are over with that. Ask first, where there are some. */
    data object Make : KitEvent

    /** They are on paper: nobody here knows them any more. */
    data object Written : KitEvent
    data object Refresh : KitEvent
    data object Dismiss : KitEvent
}

/** The words that bring back on another phone what a person has written for themselves. They are kept nowhere but on paper. */
class KitPresenter(session: Session, scope: CoroutineScope) : SessionPresenter<KitContent, KitEvent>(session, scope) {
    private var words = emptyList<String>()

    init {
        begin()
    }

    override suspend fun look(): UiState<KitContent> {
        val kit = session.ask { recovery.kit() }
        val home = session.ask { sync.homeRelay() }
        val isRelayMissing = kit == null && home.isEmpty()
        val zone = session.zone
        return session.words.say {
            UiState.Content(
                KitContent(
                    made = kit?.let { text("app-kit-made", "date" to momentOf(it.madeMs, zone)) },
                    standing = kit?.let { text(if (it.ready) "app-kit-ready" else "app-kit-waits") },
                    missing = if (isRelayMissing) text("app-kit-no-relay") else null,
                    waits = isRelayMissing || kit?.ready == false,
                    words = words.mapIndexed { at, word -> text("app-kit-word", "number" to at + 1, "word" to word) },
                    relay = if (words.isEmpty()) null else kit?.relay?.let(::leftToRight),
                    remark = remark,
                    notice = notice,
                ),
            )
        }
    }

    override suspend fun perform(event: KitEvent) {
        when (event) {
            // A second tap does not take away what somebody is writing down.
            KitEvent.Make -> if (words.isEmpty()) words = session.ask { recovery.makeKit().use { it.words().split(' ') } }
            KitEvent.Written -> words = emptyList()
            KitEvent.Refresh, KitEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: KitContent, notice: String?) = content.copy(notice = notice)
}
