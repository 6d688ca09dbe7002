package talks

import (
	"regexp"
	"slices"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// OpenTrack opens a track beside the others, such as a ceasefire beside a
// political settlement. Meetings and, later, texts name the track they belong
// to; what happens on one does not wait for another (rule 31).
type OpenTrack struct {
	Track string // a short word to call it by
	Title string
	Rank  Echelon `form:"optional"` // the level at which it is worked on
}

var trackName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

func (a OpenTrack) decide(t *Talks, _ seat.Seat, _ Moment) ([]Event, error) {
	switch {
	case !trackName.MatchString(a.Track):
		return nil, ruling.No(ruling.Invalid, 31, "track-name", "Given", a.Track)
	case strings.TrimSpace(a.Title) == "":
		return nil, ruling.No(ruling.Invalid, 31, "needs-title")
	case t.Track(a.Track) != nil:
		return nil, ruling.No(ruling.OutOfOrder, 31, "track-open", "Given", a.Track)
	}
	return []Event{TrackOpened(a)}, nil
}

// TrackOpened says that there is a track.
type TrackOpened struct {
	Track string
	Title string `words:"yes"`
	Rank  Echelon
}

func (e TrackOpened) apply(t *Talks, _ Entered) { t.Tracks = append(t.Tracks, e) }

// Phrase says that there is a track.
func (e TrackOpened) Phrase() phrasebook.Phrase {
	if e.Rank == "" {
		return phrasebook.Say("event.track-opened", "Title", phrasebook.Words(e.Title))
	}
	return phrasebook.Say("event.track-opened-at", "Title", phrasebook.Words(e.Title), "Rank", phrasebook.Term("echelon."+string(e.Rank)))
}

// Track returns the track of that name, or nil.
func (t *Talks) Track(name string) *TrackOpened {
	i := slices.IndexFunc(t.Tracks, func(e TrackOpened) bool { return e.Track == name })
	if i < 0 {
		return nil
	}
	return &t.Tracks[i]
}
