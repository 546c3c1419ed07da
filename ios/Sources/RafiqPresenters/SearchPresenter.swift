import Foundation
import Rafiq

/// Services of all directories: by words, or, without words, by name.
public struct SearchContent: Equatable, Sendable {
    public internal(set) var query: String
    /// How many were found; null without words.
    public let count: String?
    public let hits: [HitRow]
    public let hasMore: Bool
    /// The answer to the newest words is still to come.
    public internal(set) var searching: Bool
    public let directories: [DirectoryRow]
    public let remark: String?
    public internal(set) var notice: String?
}

/// A service in a list.
public struct HitRow: Equatable, Sendable {
    public let name: String
    public let organization: String
    public let city: String
    /// How far it can be relied on.
    public let freshness: String
    public let tone: Tone
    /// It is closed, in a sentence.
    public let closed: String?
    public let leadsTo: Place
}

/// A directory.
public struct DirectoryRow: Equatable, Sendable {
    public let space: String
    public let name: String
    public let services: String
}

/// What a person looks for.
public enum SearchEvent: Equatable, Sendable {
    /// Newer words cancel older ones.
    case search(text: String)
    case more
    case refresh
    case dismiss
}

/// Looks for services in all directories, on this phone alone.
public final class SearchPresenter: SessionPresenter<SearchContent, SearchEvent> {
    private var query = ""
    private var newest = 0
    private var wanted = page

    override public init(session: Session) { super.init(session: session) }

    override func act(_ event: SearchEvent) async {
        if case .search(let text) = event { await search(text) } else { await super.act(event) }
    }

    override func perform(_ event: SearchEvent) async throws {
        switch event {
        case .more: wanted += Self.page
        case .search, .refresh, .dismiss: break
        }
    }

    override func noted(_ content: SearchContent, _ notice: String?) -> SearchContent { with(content) { $0.notice = notice } }

    /// A person types faster than anybody can search: only the newest words are looked for.
    private func search(_ text: String) async {
        newest += 1
        let mine = newest
        query = text
        wanted = Self.page
        notice = nil
        edit { ($0.query, $0.searching, $0.notice) = (text, true, nil) }
        await aside { await work.aside { await session.host.pause(Self.pauseMs) } }
        if mine == newest { await show() }
    }

    override func look() async throws -> UiState<SearchContent> {
        let directories = try await session.ask { try await $0.directory.list() }
        let words = trimmed(query)
        var hits: [Hit] = []
        var hasMore = false
        if words.isEmpty {
            (hits, hasMore) = try await browse(directories)
        } else {
            let limit = min(wanted, Self.mostHits)
            hits = try await session.ask { try await $0.directory.search(query: words, limit: limit) }
            hasMore = hits.count == limit && limit < Self.mostHits
        }
        return await session.words.say { say in
            if directories.isEmpty { return .empty(sentence: say.text("app-directory-none")) }
            return .content(
                SearchContent(
                    query: query,
                    count: words.isEmpty ? nil : say.text("directory-hits", ["count": .count(hits.count)]),
                    hits: hits.map { row(say, $0) },
                    hasMore: hasMore,
                    searching: false,
                    directories: directories.map {
                        let services = say.text("directory-services", ["count": .count($0.services)])
                        return DirectoryRow(space: $0.space, name: apart($0.name), services: services)
                    },
                    remark: say.remark,
                    notice: notice))
        }
    }

    /// By name, one directory after the other.
    private func browse(_ directories: [DirectoryInfo]) async throws -> ([Hit], Bool) {
        var hits: [Hit] = []
        for directory in directories {
            var next: String?
            repeat {
                if hits.count >= wanted { return (hits, true) }
                let (limit, after) = (min(wanted - hits.count, Self.mostBrowsed), next)
                let page = try await session.ask {
                    try await $0.directory.browse(space: directory.space, limit: limit, after: after)
                }
                hits += page.items
                next = page.next
            } while next != nil
        }
        return (hits, false)
    }

    private func row(_ say: Sayer, _ hit: Hit) -> HitRow {
        HitRow(
            name: apart(hit.name), organization: apart(hit.organization), city: apart(hit.city),
            freshness: say.freshness(hit.freshness, hit.assuredDate), tone: tone(hit.freshness), closed: say.closed(hit.status),
            leadsTo: .service(space: hit.directory, id: hit.id))
    }

    private static let pauseMs: Int64 = 150
    private static let page = 25

    /// The most that a search gives.
    private static let mostHits = 100

    /// The most that a page of a directory holds.
    private static let mostBrowsed = 500
}
