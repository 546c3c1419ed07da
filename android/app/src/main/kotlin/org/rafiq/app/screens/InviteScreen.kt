package org.rafiq.app.screens

import android.view.View
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import org.rafiq.app.look.MainButton
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.Pieces
import org.rafiq.app.look.SideButton
import org.rafiq.app.look.Type
import org.rafiq.app.look.qrCode
import org.rafiq.app.look.row
import org.rafiq.presenters.InviteEvent
import org.rafiq.presenters.InvitePresenter
import org.rafiq.presenters.RequestRow
import org.rafiq.presenters.Word

/** Inviting into one space, and letting in. */
fun inviteScreen(way: Way, presenter: InvitePresenter): View {
    fun send(event: InviteEvent) {
        presenter.on(event)
    }
    return way.screen(presenter.state, way[Word.INVITE_TITLE], again = { send(InviteEvent.Refresh) }) { content ->
        val text = content.text
        show(
            way[Word.INVITE_TITLE], content.remark, content.notice, { send(InviteEvent.Dismiss) }, step = text != null,
            main = { if (text != null) piece("share", text) { MainButton(look, way[Word.SEND]) { way.shell.share(text) } } },
        ) {
            // Whoever has just made a code shows it: it stands first then, so that nobody has to scroll with two phones in their hands.
            if (text != null) {
                look.qrCode(text, way[Word.INVITE_CODE])?.let { code -> piece("code", text) { code } }
                text(content.title, Type.STRONG)
                content.ends?.let { text(it) }
                piece("copy", text, wide = false) { SideButton(look, way[Word.COPY]) { way.shell.copy(text) } }
            } else {
                text(content.title, Type.STRONG)
                requests(way, content.requests, ::send)
            }
            choices(content.reaches, under = way[Word.INVITE_ASK]) { send(InviteEvent.Make(it)) }
            text(content.about, Type.SMALL)
            if (text != null) requests(way, content.requests, ::send)
        }
    }
}

private fun Pieces.requests(way: Way, rows: List<RequestRow>, send: (InviteEvent) -> Unit) {
    if (rows.isNotEmpty()) part(way[Word.REQUESTS_TITLE]) {
        text(way[Word.LOOK_FIRST])
        rows.forEach { request(way, it, send) }
    }
}

/** The name is said with each answer: a wrong person let in is not easily let out. */
private fun Pieces.request(way: Way, row: RequestRow, send: (InviteEvent) -> Unit) = card(row) {
    put(look.row(row.text, listOf(row.at)))
    val admit = SideButton(look, way[Word.ADMIT], Pictogram.DONE) { send(InviteEvent.Admit(row.request)) }
    val decline = SideButton(look, way[Word.DECLINE]) { send(InviteEvent.Decline(row.request)) }
    admit.contentDescription = way[Word.ADMIT] + ". " + row.text
    decline.contentDescription = way[Word.DECLINE] + ". " + row.text
    put(admit, WRAP_CONTENT)
    put(decline, WRAP_CONTENT)
}
