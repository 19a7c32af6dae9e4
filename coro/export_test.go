package coro

// RaceEnabled tells tests that the race detector's allocations are not ours.
const RaceEnabled = raceEnabled
