package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import org.rafiq.DirectoryInfo
import org.rafiq.Hit

/** Services of all directories: by words, or, without words, by name. */
data class SearchContent(
    val query: String,
    /** How many were found; null without words. */
    val count: String?,
    val hits: List<HitRow>,
    val hasMore: Boolean,
    /** The answer to the newest words is still to come. */
    val searching: Boolean,
    val directories: List<DirectoryRow>,
    val remark: String?,
    val notice: String?,
)

/** A service in a list. */
data class HitRow(
    val name: String,
    val organization: String,
    val city: String,
    /** How far it can be relied on. */
    val freshness: String,
    val tone: Tone,
    /** It is closed, in a sentence. */
    val closed: String?,
    val leadsTo: Place,
)

/** A directory. */
data class DirectoryRow(val space: String, val name: String, val services: String)

/** What a person looks for. */
sealed interface SearchEvent {
    /** Newer words cancel older ones. */
    data class Search(val text: String) : SearchEvent
    data object More : SearchEvent
    data object Refresh : SearchEvent
    data object Dismiss : SearchEvent
}

/** Looks for services in all directories, on this phone alone. */
class SearchPresenter(session: Session, scope: CoroutineScope) : SessionPresenter<SearchContent, SearchEvent>(session, scope) {
    private var query = ""
    private var newest = 0
    private var wanted = PAGE

    init {
        begin()
    }

    override suspend fun act(event: SearchEvent) = when (event) {
        is SearchEvent.Search -> search(event.text)
        else -> super.act(event)
    }

    override suspend fun perform(event: SearchEvent) {
        when (event) {
            is SearchEvent.Search -> Unit
            SearchEvent.More -> wanted += PAGE
            SearchEvent.Refresh, SearchEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: SearchContent, notice: String?) = content.copy(notice = notice)

    /** A person types faster than anybody can search: only the newest words are looked for. */
    private suspend fun search(text: String) {
        val mine = ++newest
        query = text
        wanted = PAGE
        notice = null
        edit { copy(query = text, searching = true, notice = null) }
        aside { work.aside { whileShown { session.host.pause(PAUSE_MS) } } }
        if (mine == newest) show()
    }

    override suspend fun look(): UiState<SearchContent> {
        val directories = session.ask { directory.list() }
        val words = query.trim()
        val (hits, hasMore) = if (words.isEmpty()) browse(directories) else {
            val limit = minOf(wanted, MOST_HITS)
            val found = session.ask { directory.search(words, limit) }
            found to (found.size == limit && limit < MOST_HITS)
        }
        return session.words.say {
            if (directories.isEmpty()) UiState.Empty(text("app-directory-none"))
            else UiState.Content(
                SearchContent(
                    query = query,
                    count = if (words.isEmpty()) null else text("directory-hits", "count" to hits.size),
                    hits = hits.map { row(it) },
                    hasMore = hasMore,
                    searching = false,
                    directories = directories.map { DirectoryRow(it.space, apart(it.name), text("directory-services", "count" to it.services)) },
                    remark = remark,
                    notice = notice,
                ),
            )
        }
    }

    /** By name, one directory after the other. */
    private suspend fun browse(directories: List<DirectoryInfo>): Pair<List<Hit>, Boolean> {
        val hits = ArrayList<Hit>()
        for (directory in directories) {
            var next: String? = null
            do {
                if (hits.size >= wanted) return hits to true
                val page = session.ask { this.directory.browse(directory.space, minOf(wanted - hits.size, MOST_BROWSED), next) }
                hits += page.items
                next = page.next
            } while (next != null)
        }
        return hits to false
    }

    private fun Sayer.row(hit: Hit) = HitRow(
        name = apart(hit.name),
        organization = apart(hit.organization),
        city = apart(hit.city),
        freshness = freshness(hit.freshness, hit.assuredDate),
        tone = tone(hit.freshness),
        closed = closed(hit.status),
        leadsTo = Place.Service(hit.directory, hit.id),
    )

    private companion object {
        const val PAUSE_MS = 150L
        const val PAGE = 25

        /** The most that a search gives. */
        const val MOST_HITS = 100

        /** The most that a page of a directory holds. */
        const val MOST_BROWSED = 500
    }
}
