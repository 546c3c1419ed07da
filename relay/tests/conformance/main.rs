//! What a relay does, whatever it keeps its things in: every case runs on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // tests may stop at the first surprise

#[path = "../common/mod.rs"]
mod common;
mod exchange;
mod limits;
mod operating;
mod sharing;
mod waiting;

/// Each case as two tests, `sqlite::…` and `postgres::…`.
macro_rules! on_both {
    ($($room:ident::$case:ident,)*; on postgres: $($own_room:ident::$own:ident,)*) => {
        mod sqlite {
            $(#[test] fn $case() { crate::$room::$case(crate::common::Backend::Sqlite) })*
        }
        mod postgres {
            $(#[test] fn $case() { crate::$room::$case(crate::common::Backend::Postgres) })*
            $(#[test] fn $own() { crate::$own_room::$own(crate::common::Backend::Postgres) })*
        }
    };
}

on_both! {
    exchange::what_one_puts_the_other_gets_once,
    exchange::an_envelope_is_stored_once,
    exchange::forbidden_looks_like_unknown,
    exchange::a_nonce_is_good_for_two_days,
    exchange::only_holders_of_the_token_post,
    exchange::key_lists_decide_who_may_what,
    exchange::a_list_key_hands_over_and_is_over,
    exchange::alerts_come_first_from_whatever_space,
    exchange::paging_brings_everything_once_within_the_budget,
    exchange::a_restored_copy_is_told_before_it_writes,
    exchange::a_cursor_beyond_the_end_comes_back_lower,
    exchange::sections_succeed_and_fail_by_themselves,
    exchange::a_second_exchange_is_small,
    exchange::who_writes_misses_nothing,
    limits::a_hasty_writer_is_asked_to_wait,
    limits::a_full_space_keeps_what_fits_and_has_room_for_alerts,
    limits::alerts_to_an_inbox_have_their_own_allowance,
    limits::a_full_inbox_still_takes_alerts,
    limits::a_flooded_inbox_has_room_again_once_its_owner_has_read_it,
    limits::one_address_posts_so_often,
    limits::under_pressure_new_spaces_are_refused_first,
    sharing::news_wakes_those_who_wait,
    sharing::a_post_wakes_the_owner,
    sharing::a_wake_stream_ends_with_its_time_and_with_the_relay,
    sharing::a_crowd_is_acknowledged_and_kept,
    sharing::a_killed_process_keeps_what_it_acknowledged,
    sharing::what_is_covered_goes_after_its_time,
    sharing::what_is_erased_is_dropped_for_a_writer_and_stays_dropped,
    sharing::spaces_are_opened_with_the_operators_token,
    sharing::a_directory_has_many_readers_with_one_key,
    sharing::a_restored_database_says_so,
    sharing::the_operator_sees_sums_on_a_port_of_their_own,
    sharing::allowances_are_shared,
    waiting::what_is_left_is_said,
    waiting::a_line_that_costs_is_spared,
    waiting::counting_ends_somewhere,
    operating::a_backup_is_restored,
    operating::a_relay_moves,
    operating::what_is_not_there_is_not_backed_up,
    operating::a_relay_that_is_told_to_stop_finishes_first,
    ;
    on postgres: // a file has one server
    sharing::two_processes_are_one_relay,
}
