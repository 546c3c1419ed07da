package org.rafiq.presenters

import org.rafiq.Person
import org.rafiq.RafiqException
import org.rafiq.SharedSpace

// What several screens ask of one space after the other.

/** What spaces have answered, and which of them cannot be read. */
internal class Answers<T>(val found: List<T>, val unread: List<SharedSpace>)

/** Asks each. One that cannot be read hides no other: it is named instead. What is wrong with the whole profile is thrown as ever. */
internal suspend fun <T> List<SharedSpace>.answers(question: suspend (SharedSpace) -> List<T>): Answers<T> {
    val (found, unread) = ArrayList<T>() to ArrayList<SharedSpace>()
    for (space in this) {
        try {
            found += question(space)
        } catch (error: RafiqException) {
            if (!error.isOfOneSpace) throw error
            unread += space
        }
    }
    return Answers(found, unread)
}

/** Whether it says something about one space, and nothing about the others. */
internal val RafiqException.isOfOneSpace: Boolean
    get() = this is RafiqException.Corrupt || this is RafiqException.Bug || this is RafiqException.NotFound || this is RafiqException.Invalid

/** Who is who in some spaces. Somebody may go by another name in another one, and not be known there by the first. */
internal class Rosters(private val bySpace: Map<String, List<Person>>) {
    /** What somebody is called there; null for somebody who is not known there. */
    fun name(space: String, person: String): String? = of(space).find { it.id.value == person }?.name?.ifEmpty { null }

    /** Everybody who was ever entered there, also who has left. */
    fun of(space: String): List<Person> = bySpace[space].orEmpty()
}

/** Reads the people of spaces; of one that cannot be read none. */
internal suspend fun Session.rosters(spaces: Collection<String>): Rosters = Rosters(
    spaces.distinct().associateWith { space ->
        try {
            ask { people.list(space) }
        } catch (error: RafiqException) {
            if (!error.isOfOneSpace) throw error
            emptyList()
        }
    },
)
