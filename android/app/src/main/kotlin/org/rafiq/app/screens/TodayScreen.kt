package org.rafiq.app.screens

import android.view.View
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.Pieces
import org.rafiq.app.look.SideButton
import org.rafiq.app.look.Tint
import org.rafiq.app.look.restful
import org.rafiq.app.look.row
import org.rafiq.app.look.tint
import org.rafiq.presenters.AlertRow
import org.rafiq.presenters.DueRow
import org.rafiq.presenters.Place
import org.rafiq.presenters.TodayEvent
import org.rafiq.presenters.TodayPresenter
import org.rafiq.presenters.Tone
import org.rafiq.presenters.Word

/** What is due now. */
fun todayScreen(way: Way, presenter: TodayPresenter): View {
    fun send(event: TodayEvent) {
        presenter.on(event)
    }
    return way.screen(presenter.state, way[Word.TAB_TODAY], again = { send(TodayEvent.Refresh) }) { content ->
        show(
            content.date, content.remark, content.notice, { send(TodayEvent.Dismiss) },
            main = { main(way[Word.CHECK_IN_TELL]) { way.open(Place.CheckIn) } },
        ) {
            content.alerts.forEach { alert(way, it, ::send) }
            content.requests.forEach { row -> card(row) { put(look.row(row.title, words = row.text) { way.open(row.leadsTo) }) } }
            content.nothing?.let { nothing -> piece("restful", nothing) { look.restful(nothing) } }
            content.due.forEach { due(way, it, ::send) }
            row(content.sync) { way.open(Place.Sync) }
        }
    }
}

private fun Pieces.alert(way: Way, row: AlertRow, send: (TodayEvent) -> Unit) = card(row, Tint.URGENT) {
    put(look.row(row.text, listOfNotNull(row.at, row.unconfirmed), Tone.URGENT, open = way.opening(row.leadsTo)))
    put(SideButton(look, way[Word.SETTLE], Pictogram.DONE) { send(TodayEvent.Settle(row.alert)) }, WRAP_CONTENT)
}

private fun Pieces.due(way: Way, row: DueRow, send: (TodayEvent) -> Unit) = card(row, row.tone.tint) {
    val (title, words) = row.title?.let { it to row.text } ?: (row.text to null)
    put(look.row(title, row.details, row.tone, words = words, open = way.opening(row.leadsTo)))
    row.completes?.let { done -> put(SideButton(look, way[Word.DONE], Pictogram.DONE) { send(done) }, WRAP_CONTENT) }
}
