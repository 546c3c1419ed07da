package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import org.rafiq.Accepted
import org.rafiq.ArgPhone
import org.rafiq.InvitePreview
import org.rafiq.RafiqException
import org.rafiq.SpaceKind

/** Joining with an invitation. */
data class JoinContent(
    /** As it was scanned or pasted. */
    val text: String,
    /** What it is for; null before one was read. */
    val offer: String?,
    /** The relay it goes over. */
    val relay: String?,
    val canAccept: Boolean,
    /** After accepting: what comes next. */
    val done: String?,
    val remark: String?,
    val notice: String?,
)

/** What a person does with an invitation. */
sealed interface JoinEvent {
    /** Reads it; answers nobody. */
    data class Read(val text: String) : JoinEvent
    data object Accept : JoinEvent

    /** Forgets it. */
    data object Cancel : JoinEvent
    data object Dismiss : JoinEvent
}

/** Reads an invitation, and answers it when the person says so. */
class JoinPresenter(session: Session, scope: CoroutineScope) : SessionPresenter<JoinContent, JoinEvent>(session, scope) {
    private var text = ""
    private var offer: InvitePreview? = null
    private var accepted: Accepted? = null

    init {
        begin()
    }

    override suspend fun look(): UiState<JoinContent> = session.words.say {
        val offer = offer
        UiState.Content(
            JoinContent(
                text = text,
                offer = offer?.let { text("app-join-for", "kind" to it.kind.name.lowercase(), "title" to it.title) },
                relay = offer?.relay?.ifEmpty { null }?.let { text("app-join-relay", "relay" to ArgPhone(it)) },
                canAccept = offer != null && !offer.expired && accepted == null,
                done = accepted?.let { done(it, offer) },
                remark = remark,
                notice = notice,
            ),
        )
    }

    override suspend fun perform(event: JoinEvent) {
        when (event) {
            is JoinEvent.Read -> {
                forget()
                text = event.text
                val read = session.ask { sharing.preview(event.text.trim()) }
                offer = read
                if (read.expired) throw RafiqException.Invalid("invite", "expired")
            }
            JoinEvent.Accept -> if (offer != null && accepted == null) accepted = session.ask { sharing.accept(text.trim()) }
            JoinEvent.Cancel -> forget()
            JoinEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: JoinContent, notice: String?) = content.copy(notice = notice)

    private fun forget() {
        text = ""
        offer = null
        accepted = null
    }

    private fun Sayer.done(accepted: Accepted, offer: InvitePreview?): String = text(
        when {
            accepted.needsConfirmation -> "app-join-sent"
            offer?.kind == SpaceKind.DIRECTORY -> "app-join-reads"
            else -> "app-join-held"
        },
    )
}
