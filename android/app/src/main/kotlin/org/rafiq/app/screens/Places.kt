package org.rafiq.app.screens

import android.view.View
import org.rafiq.presenters.AttendancePresenter
import org.rafiq.presenters.CheckInPresenter
import org.rafiq.presenters.CheckInsPresenter
import org.rafiq.presenters.GroupPresenter
import org.rafiq.presenters.InvitePresenter
import org.rafiq.presenters.JoinPresenter
import org.rafiq.presenters.KitPresenter
import org.rafiq.presenters.PairingPresenter
import org.rafiq.presenters.Place
import org.rafiq.presenters.ProfilePresenter
import org.rafiq.presenters.SearchPresenter
import org.rafiq.presenters.ServicePresenter
import org.rafiq.presenters.Session
import org.rafiq.presenters.SyncPresenter
import org.rafiq.presenters.TodayPresenter
import org.rafiq.presenters.TogetherPresenter

/** The screen of a place, with a presenter of its own that ends with the way's scope. */
fun screen(place: Place, way: Way, session: Session): View = when (place) {
    Place.Today -> todayScreen(way, TodayPresenter(session, way.scope))
    Place.CheckIn -> checkInScreen(way, CheckInPresenter(session, way.scope))
    Place.CheckIns -> checkInsScreen(way, CheckInsPresenter(session, way.scope))
    Place.Together -> togetherScreen(way, TogetherPresenter(session, way.scope))
    is Place.Pairing -> pairingScreen(way, PairingPresenter(session, place.id, way.scope), place.id.value)
    is Place.Group -> groupScreen(way, GroupPresenter(session, place.id, way.scope), place.id.value)
    is Place.Attendance -> attendanceScreen(way, AttendancePresenter(session, place.session, way.scope))
    Place.Search -> searchScreen(way, SearchPresenter(session, way.scope))
    is Place.Service -> serviceScreen(way, ServicePresenter(session, place.space, place.id, way.scope))
    is Place.Invite -> inviteScreen(way, InvitePresenter(session, place.space, way.scope))
    Place.Join -> joinScreen(way, JoinPresenter(session, way.scope))
    Place.Sync -> syncScreen(way, SyncPresenter(session, way.scope))
    Place.Profile -> profileScreen(way, ProfilePresenter(session, way.scope))
    Place.Kit -> kitScreen(way, KitPresenter(session, way.scope))
}
