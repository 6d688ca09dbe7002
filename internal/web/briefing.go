package web

import (
	"net/http"
	"slices"
	"strconv"

	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/room"
	"parley/internal/talks"
)

// A briefingView is what to know before going in, on a page or two: who sits
// there, what is open, what stands of the modalities, what happens outside.
type briefingView struct {
	frame
	Board      board
	Prepared   string
	Lists      []delegation
	Modalities []fact
	Around     []register // outside, side meetings, and for the mediation its contacts
}

// A briefing is short: what there is more of stands on the pages it is from.
const (
	mostInBriefing  = 5
	lettersInMatter = 180
)

func (h *house) briefingPage(w http.ResponseWriter, r *http.Request, v visit) error {
	var p briefingView
	err := h.glance(r, v, func(g glance) error {
		p.frame = h.frame(g.voice, g.Sight, "briefing")
		p.Place, p.Readers = g.whose()
		p.Prepared = g.say("page.briefing-prepared", "Time", phrasebook.Time{At: g.Now.Time.In(g.Zone), Zone: g.Now.Zone}, "Name", phrasebook.Words(g.Seat.Name))
		p.Board = h.board(g)
		p.Lists = lists(g.voice, g.Talks)
		p.Modalities = g.modalities()
		p.Around = g.around()
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, briefingRoom(p))
}

// modalities are the nine headings, each with what stands there and who has yet
// to agree.
func (g glance) modalities() (list []fact) {
	for _, word := range talks.Heading("").Choices() {
		row := modalityOf(g.voice, g.Sight, talks.Heading(word), g.admission)
		says := row.Status
		if row.Words != "" {
			says = g.say("page.briefing-modality", "Status", row.Status, "Text", phrasebook.Words(cutShort(row.Words, lettersInMatter)))
		}
		list = append(list, fact{row.Heading, says})
	}
	return list
}

// around are what happened outside and who met elsewhere, the latest first; for
// the mediation also whom it spoke to last.
func (g glance) around() (list []register) {
	add := func(key string, lines []registered) {
		if len(lines) > 0 {
			list = append(list, register{g.say(key), lines})
		}
	}
	outside := g.outside(mostInBriefing)
	for i := range outside {
		outside[i].Words = cutShort(outside[i].Words, lettersInMatter)
	}
	add("page.register-outside", outside)
	var side []registered
	for _, x := range slices.Backward(g.Talks.SideMeetings) {
		if len(side) == mostInBriefing || !g.heard(x.Number) {
			break
		}
		words := x.Participants
		if x.Beyond != "" {
			words += "\n" + g.say("page.happening-beyond", "Topics", phrasebook.Words(x.Beyond))
		}
		side = append(side, registered{Number: strconv.FormatInt(x.Number, 10), Href: hrefProof(record.JointName(g.ID), x.Number), Title: x.Title, Words: cutShort(words, lettersInMatter),
			Note: g.say("page.board-reliable", "Reliability", phrasebook.Term("reliability."+string(x.Reliability)), "As", phrasebook.Term("group.side-meeting"), "At", g.told(x.At), "Source", phrasebook.Words(x.Source))})
	}
	add("page.register-side", side)
	var contacts []registered
	r := g.in(room.Mediation)
	for _, x := range slices.Backward(r.Contacts) {
		if len(contacts) == mostInBriefing {
			break
		}
		note := g.told(x.At)
		if x.Means != "" {
			note += " · " + x.Means
		}
		contacts = append(contacts, registered{Href: hrefRoom(g.Sight, r.Key), Title: x.With, Words: cutShort(x.Summary, lettersInMatter), Note: note})
	}
	add("page.briefing-contacts", contacts)
	return list
}
