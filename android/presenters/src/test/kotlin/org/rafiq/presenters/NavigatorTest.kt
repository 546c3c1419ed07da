package org.rafiq.presenters

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.rafiq.PairingId

class NavigatorTest {
    @Test fun `places lie on top of tabs, and the way back ends at today`() {
        val start = Navigator()
        assertEquals(Place.Today, start.current)
        assertFalse(start.canGoBack)
        assertEquals(start, start.back())
        val pairing = Place.Pairing(PairingId("1"))
        val there = start.open(Place.Together).open(pairing).open(Place.Invite("1"))
        assertEquals(Place.Invite("1") to Place.Together, there.current to there.tab)
        assertEquals(pairing, there.back().current)
        assertEquals(there.back(), there.open(pairing), "a place that is open is gone back to")
        val tab = there.back().back()
        assertEquals(Place.Together, tab.current)
        assertTrue(tab.canGoBack)
        assertEquals(start, tab.back())
        assertEquals(Navigator(listOf(Place.Search)), there.open(Place.Search), "a tab replaces everything")
        assertEquals(listOf(Place.Today, Place.CheckIn, Place.Together, Place.Search), Navigator.TABS)
    }
}
