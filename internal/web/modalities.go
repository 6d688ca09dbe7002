package web

import (
	"net/http"

	"parley/internal/phrasebook"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// A modalitiesView is the nine questions that are settled before people meet:
// what stands under each, and which side agrees to it. What is missing shows
// before anybody travels.
type modalitiesView struct {
	frame
	Sum    string
	Sides  []string
	Rows   []modalityRow
	Tracks []doorway
	Forms  []form
}

type modalityRow struct {
	Heading string
	Words   string
	From    string
	Status  string
	Class   string // of the status: agreed, near or apart
	Missing bool
	Agreed  []string // by side, in the order of Sides
}

func (h *house) modalitiesPage(w http.ResponseWriter, r *http.Request, v visit) error {
	var p modalitiesView
	admitted, err := h.admission(r, v)
	if err != nil {
		return err
	}
	err = h.seated(r, v, func(s secretariat.Sight) error {
		voice := h.voiceAt(s)
		p.frame = h.frame(voice, s, "modalities")
		for _, side := range s.Talks.Parties {
			p.Sides = append(p.Sides, string(side.Key))
		}
		for _, word := range talks.Heading("").Choices() {
			p.Rows = append(p.Rows, modalityOf(voice, s, talks.Heading(word), admitted))
		}
		p.Sum = voice.say("page.modalities-sum", "Count", len(s.Talks.OpenHeadings()))
		for _, t := range s.Talks.Tracks {
			if observes(s.Seat) {
				break // when a track was opened, and so to whom it was said, the state does not tell
			}
			d := doorway{Name: t.Title}
			if t.Rank != "" {
				d.Note = voice.say("echelon." + string(t.Rank))
			}
			p.Tracks = append(p.Tracks, d)
		}
		p.Forms = h.formsOn("modalities", voice, s)
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, modalities(p))
}

func modalityOf(v *voice, s secretariat.Sight, heading talks.Heading, admitted admission) modalityRow {
	row := modalityRow{Heading: v.say("heading." + string(heading))}
	m, proposed := s.Talks.Modalities[heading]
	at := func(x talks.Moment) string { return v.oclock(x.Time.In(s.Zone), s.Now.Time) }
	if !proposed {
		row.Missing = true
		row.Status, row.Class = v.say("page.modality-missing"), "apart"
		return row
	}
	row.Words = m.Text
	if m.At.Time.Before(admitted.at) {
		row.Words = v.say("page.not-said-to-you")
	}
	row.From = v.say("page.modality-from", "Side", phrasebook.Words(v.title(m.Side)), "At", at(m.At))
	for _, p := range s.Talks.Parties {
		if when, yes := m.Agreed[p.Key]; yes {
			row.Agreed = append(row.Agreed, v.say("page.modality-agreed", "At", at(when)))
		} else {
			row.Agreed = append(row.Agreed, v.say("page.modality-not-yet"))
		}
	}
	switch {
	case s.Talks.Settled(heading):
		row.Status, row.Class = v.say("page.modality-settled"), "agreed"
	default:
		row.Status, row.Class = v.say("page.modality-proposed"), "near"
	}
	return row
}

// agreeable are the headings that a seat's side has not agreed to and could.
func agreeable(s secretariat.Sight) (list []string) {
	for _, word := range talks.Heading("").Choices() {
		m, proposed := s.Talks.Modalities[talks.Heading(word)]
		if _, agreed := m.Agreed[s.Seat.Party]; proposed && !agreed {
			list = append(list, word)
		}
	}
	return list
}
