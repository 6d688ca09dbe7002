package web

import (
	"net/http"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/secretariat"
)

// A projectorView is the meeting as read from the last row: who has the floor,
// who is next, the clock.
type projectorView struct {
	frame
	Heading string
	Gauges  gauges
	Times   string // speaking times on one line
}

func (h *house) projectorPage(w http.ResponseWriter, r *http.Request, v visit) error {
	var p projectorView
	err := h.seated(r, v, func(s secretariat.Sight) error {
		p = h.projector(s)
		p.live("projector", s.Heads[record.JointName(s.ID)].Size)
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, projectorRoom(p))
}

func (h *house) projector(s secretariat.Sight) projectorView {
	voice := h.voiceAt(s)
	p := projectorView{frame: h.frame(voice, s, "meeting"), Heading: heading(voice, s.Talks), Gauges: gaugesOf(voice, s)}
	var times []string
	for _, x := range p.Gauges.Spoken {
		times = append(times, voice.title(x.Side)+" "+x.Length)
	}
	if len(times) > 0 {
		p.Times = voice.say("page.projector-times", "Times", phrasebook.Words(strings.Join(times, ", ")))
	}
	return p
}

func (h *house) projectorStream(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.stream(w, r, v, feed{v.caller(), h.nextOnProjector})
}

// nextOnProjector renders the whole screen anew when the meeting has moved.
func (h *house) nextOnProjector(r *http.Request, v visit, after int64) (events []event, last int64, err error) {
	last = after
	err = h.seated(r, v, func(s secretariat.Sight) error {
		size := s.Heads[record.JointName(s.ID)].Size
		if size <= after {
			return nil
		}
		last = size
		key := boardKey{"projector", s.ID, h.voiceAt(s).print, size, s.Now.Time.Unix(), observes(s.Seat)}
		html, err := h.pieces.get(key, func() (string, error) { return render(screen(h.projector(s))) })
		events = []event{{size, "piece", html}}
		return err
	})
	return events, last, err
}
