package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope

/** Twelve words on paper, for the day on which the phone is gone. */
data class KitContent(
    val step: KitStep,
    /** When they were made, in a sentence; null for none. */
    val made: String?,
    /** Whether they serve already, in a sentence; null for none. */
    val standing: String?,
    /** No relay is there yet to keep anything for them, in a sentence. */
    val missing: String?,
    /** They wait for an exchange, or for the relay that is set where exchanges stand. */
    val waits: Boolean,
    /** The words that were made just now, each with its number, at the step that shows them. */
    val words: List<String>,
    /** The address that belongs onto the paper, too; null without words. */
    val relay: String?,
    /** What is asked from the paper: "Word 3" and another. */
    val asked: List<String>,
    /** Something stands in both fields. */
    val canCheck: Boolean,
    /** The display stays on: were it to go dark, the app could lock, and the words would be gone. */
    val staysOn: Boolean,
    val remark: String?,
    val notice: String?,
)

/** From what the words are for to where they are on paper. Before other ones are made, and before unchecked ones are left, that is asked. */
enum class KitStep { ABOUT, AGAIN, WORDS, CHECK, LEAVE }

/** What a person does with the words. */
sealed interface KitEvent {
    /** Makes them; where there are some already, asks first. */
    data object Make : KitEvent

    /** Other ones, although there are some: those are over with that. */
    data object MakeOthers : KitEvent

    /** They are on paper: two of them are asked from it. */
    data object Written : KitEvent
    data class EnterWords(val first: String, val second: String) : KitEvent

    /** Compares the two. When they are right nobody here knows the words any more. */
    data object Check : KitEvent
    data object Back : KitEvent

    /** Leaves the words unchecked. */
    data object Leave : KitEvent
    data object Refresh : KitEvent
    data object Dismiss : KitEvent
}

/** The words that bring back on another phone what a person has written for themselves. They are kept nowhere but on paper. */
class KitPresenter(session: Session, scope: CoroutineScope) : SessionPresenter<KitContent, KitEvent>(session, scope) {
    private var step = KitStep.ABOUT
    private var words = emptyList<String>()
    private var typed = NOTHING

    init {
        begin()
    }

    override suspend fun act(event: KitEvent) = when (event) {
        is KitEvent.EnterWords -> { // at every key: nothing has to be read again
            typed = listOf(event.first, event.second)
            notice = null
            edit { copy(canCheck = canCheck(), notice = null) }
        }
        else -> super.act(event)
    }

    override suspend fun look(): UiState<KitContent> {
        val kit = session.ask { recovery.kit() }
        val home = session.ask { sync.homeRelay() }
        val isRelayMissing = kit == null && home.isEmpty()
        val zone = session.zone
        val shown = if (step == KitStep.WORDS) words else emptyList()
        return session.words.say {
            UiState.Content(
                KitContent(
                    step = step,
                    made = kit?.let { text("app-kit-made", "date" to momentOf(it.madeMs, zone)) },
                    standing = kit?.let { text(if (it.ready) "app-kit-ready" else "app-kit-waits") },
                    missing = if (isRelayMissing) text("app-kit-no-relay") else null,
                    waits = isRelayMissing || kit?.ready == false,
                    words = shown.mapIndexed { at, word -> text("app-kit-word", "number" to at + 1, "word" to word) },
                    relay = if (shown.isEmpty()) null else kit?.relay?.let(::leftToRight),
                    asked = ASKED.map { text("app-kit-check-word", "number" to it) },
                    canCheck = canCheck(),
                    staysOn = words.isNotEmpty(),
                    remark = remark,
                    notice = notice,
                ),
            )
        }
    }

    override suspend fun perform(event: KitEvent) {
        when (event) {
            // Only from here: a second tap neither passes the question nor takes away what somebody is writing down.
            KitEvent.Make -> if (step == KitStep.ABOUT) {
                if (session.ask { recovery.kit() } == null) make() else step = KitStep.AGAIN
            }
            KitEvent.MakeOthers -> if (step == KitStep.AGAIN) make()
            KitEvent.Written -> if (step == KitStep.WORDS) step = KitStep.CHECK
            KitEvent.Check -> if (step == KitStep.CHECK) check()
            KitEvent.Back -> step = when (step) {
                KitStep.ABOUT, KitStep.AGAIN -> KitStep.ABOUT
                KitStep.WORDS -> KitStep.LEAVE
                KitStep.CHECK, KitStep.LEAVE -> KitStep.WORDS
            }
            KitEvent.Leave -> if (step == KitStep.LEAVE) forget()
            is KitEvent.EnterWords, KitEvent.Refresh, KitEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: KitContent, notice: String?) = content.copy(notice = notice)

    private suspend fun make() {
        words = session.ask { recovery.makeKit().use { it.words().split(' ') } }
        typed = NOTHING
        step = KitStep.WORDS
    }

    /** A word that differs costs nothing: the words can be looked at again. */
    private fun check() {
        val wrong = ASKED.zip(typed).firstOrNull { (number, word) -> word.filter(Char::isLetter).lowercase() != words[number - 1] }
        notice = session.words.say { if (wrong == null) text("app-kit-checked") else text("app-kit-differs", "number" to wrong.first) }
        if (wrong == null) forget()
    }

    private fun forget() {
        words = emptyList()
        typed = NOTHING
        step = KitStep.ABOUT
    }

    private fun canCheck() = typed.all { it.isNotBlank() }

    private companion object {
        /** One of each half, so that a line that was left out while copying shows. */
        val ASKED = listOf(3, 9)
        val NOTHING = listOf("", "")
    }
}
