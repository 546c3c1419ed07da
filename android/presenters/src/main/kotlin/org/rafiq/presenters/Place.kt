package org.rafiq.presenters

import org.rafiq.PairingId
import org.rafiq.SessionId
import org.rafiq.SupportGroupId

/** Where a tap leads. */
sealed interface Place {
    data object Today : Place
    data object CheckIn : Place
    data object CheckIns : Place
    data object Together : Place
    data class Pairing(val id: PairingId) : Place
    data class Group(val id: SupportGroupId) : Place
    data class Attendance(val session: SessionId) : Place
    data object Search : Place

    /** A service of a directory: the directory's space, and the service's id. */
    data class Service(val space: String, val id: String) : Place
    data class Invite(val space: String) : Place
    data object Join : Place
    data object Sync : Place
    data object Profile : Place
    data object Kit : Place
}

/** Where the person is, and the way back. A value: each step gives the next one. */
data class Navigator(private val stack: List<Place> = listOf(Place.Today)) {
    /** What is shown. */
    val current: Place get() = stack.last()

    /** The tab that [current] lies under. */
    val tab: Place get() = stack.first()

    /** Whether a step back stays within the app. From every tab the way back leads over today. */
    val canGoBack: Boolean get() = stack.size > 1 || tab != Place.Today

    /** Opens a place: a tab replaces everything, anything else lies on top. A place that is open already is gone back to. */
    fun open(place: Place): Navigator = when {
        place in TABS -> Navigator(listOf(place))
        place in stack -> Navigator(stack.subList(0, stack.indexOf(place) + 1).toList())
        else -> Navigator(stack + place)
    }

    /** One step back. Where there is none, it stays. */
    fun back(): Navigator = if (stack.size > 1) Navigator(stack.dropLast(1)) else Navigator()

    companion object {
        /** The tabs, in their order. */
        val TABS: List<Place> = listOf(Place.Today, Place.CheckIn, Place.Together, Place.Search)
    }
}
