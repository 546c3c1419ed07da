package org.rafiq.app.screens

import android.view.View
import org.rafiq.app.look.Field
import org.rafiq.app.look.Palette
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.Pieces
import org.rafiq.app.look.beside
import org.rafiq.app.look.pictogramButton
import org.rafiq.app.look.row
import org.rafiq.app.look.tint
import org.rafiq.presenters.HitRow
import org.rafiq.presenters.Place
import org.rafiq.presenters.SearchEvent
import org.rafiq.presenters.SearchPresenter
import org.rafiq.presenters.Word

/** Looks for services in all directories, on this phone alone. */
fun searchScreen(way: Way, presenter: SearchPresenter): View {
    val words = Field(way.look, way[Word.SEARCH])
    val clear = way.look.pictogramButton(Pictogram.CLOSE, way[Word.CLEAR]) { words.text = "" }
    val search = way.look.beside(words, clear)
    words.changed = { presenter.on(SearchEvent.Search(it)) }
    val join = way[Word.JOIN] to { way.open(Place.Join) }
    return way.screen(presenter.state, way[Word.TAB_DIRECTORY], join, { presenter.on(SearchEvent.Refresh) }) { content ->
        words.fill(content.query)
        clear.visibility = if (words.text.isEmpty()) View.GONE else View.VISIBLE
        show(way[Word.TAB_DIRECTORY], content.remark, content.notice, { presenter.on(SearchEvent.Dismiss) }) {
            kept(search)
            content.count?.let { text(it, shade = Palette.softInk) }
            if (content.searching) busy(way[Word.LOADING])
            near { content.hits.forEach { hit(way, it) } }
            if (content.hasMore) button(way[Word.MORE], Pictogram.MORE) { presenter.on(SearchEvent.More) }
            if (content.directories.isNotEmpty()) {
                part(way[Word.DIRECTORIES]) { rows(content.directories) { look.row(it.name, listOf(it.services)) } }
            }
            button(way[Word.JOIN], Pictogram.CODE) { way.open(Place.Join) }
        }
    }
}

private fun Pieces.hit(way: Way, row: HitRow) = card(row, row.tone.tint) {
    put(look.row(row.name, listOfNotNull(row.organization, row.city, row.closed, row.freshness), row.tone) { way.open(row.leadsTo) })
}
