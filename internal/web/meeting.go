package web

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"parley/internal/floor"
	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// A meetingView is the meeting room as one reader sees it.
type meetingView struct {
	frame
	Heading    string
	Standfirst string
	Times      string // in which zone times are told
	Desk       deskView
	Gauges     gauges
	Lines      []string // pieces of the record, newest first
	More       bool     // there are earlier entries than those shown
}

// gauges are the clock, the floor and the list: what everybody in the room sees alike.
type gauges struct {
	*voice
	Open       bool
	Running    bool // neither closed nor suspended
	Gross, Net time.Duration
	Turnings   []string // when it was opened, suspended, resumed, adjourned
	Part       string
	Floor      *turn
	Pending    *pending
	Waiting    []place
	Spoken     []spoken
	Present    []string
}

type turn struct {
	Side, Name string // Name is the person's, with their office in the delegation
	Used       string
	Seconds    int // used so far
	Over       bool
}

type pending struct{ Side, Point string }

type place struct{ Side, Note string }

// spoken is a side's speaking time as a bar of at most barWidth.
type spoken struct {
	Side   string
	Length string
	Width  string
}

const barWidth = 299

// mostLines is how many entries a page of the meeting shows, the newest.
const mostLines = 200

func (h *house) meetingPage(w http.ResponseWriter, r *http.Request, v visit) error {
	if r.URL.Query().Get("view") == "projector" {
		return h.projectorPage(w, r, v)
	}
	m, err := h.meeting(r, v)
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, meetingRoom(m))
}

// meeting gathers the page: the state in one look, then the record.
func (h *house) meeting(r *http.Request, v visit) (m meetingView, err error) {
	var p scene
	var size int64
	err = h.seated(r, v, func(s secretariat.Sight) error {
		voice := h.voiceOf(s)
		p = sceneOf(voice, s)
		size = s.Heads[record.JointName(s.ID)].Size
		m.frame = h.frame(voice, s, "meeting")
		m.Heading, m.Standfirst = heading(voice, s.Talks), venue(s.Talks)
		m.Times = zoned(s.Now.Time, s.Now.Zone)
		m.Gauges = gaugesOf(voice, s)
		m.Desk = h.deskOf(voice, s)
		return nil
	})
	if err != nil {
		return m, err
	}
	name := record.JointName(p.id)
	last := int64(0)
	m.Lines, last, err = h.lines(r, v, p, name, size-mostLines)
	slices.Reverse(m.Lines)
	m.More = size > mostLines
	m.live("meeting", max(last, size))
	return m, err
}

// lines reads the pieces of a record after a number, in order, and says up to
// which number it has read.
func (h *house) lines(r *http.Request, v visit, p scene, name record.Name, after int64) (lines []string, last int64, err error) {
	after = max(0, after)
	last = after
	for s, err := range h.Desk.Read(r.Context(), p.id, v.caller(), name, after) {
		if err != nil {
			return nil, 0, err
		}
		piece, err := h.line(p, s)
		if err != nil {
			return nil, 0, err
		}
		if last = s.Number; piece != "" {
			lines = append(lines, piece)
		}
	}
	return lines, last, nil
}

// heading names the meeting that is open, or the last.
func heading(v *voice, t *talks.Talks) string {
	if len(t.Meetings) == 0 {
		return v.say("page.meeting-none")
	}
	m := &t.Meetings[len(t.Meetings)-1]
	if m.Title != "" {
		return m.Title
	}
	return v.say("page.meeting-number", "Number", strconv.Itoa(m.Number))
}

// venue is where and how the talks are held, as a sentence of its parts.
func venue(t *talks.Talks) string {
	parts := ""
	for _, s := range []string{t.Venue.Place, t.Venue.Format} {
		if s == "" {
			continue
		}
		if parts != "" {
			parts += ". "
		}
		parts += s
	}
	return parts
}

// gaugesOf reads the instruments off the talks.
func gaugesOf(v *voice, s secretariat.Sight) gauges {
	g := gauges{voice: v}
	if len(s.Talks.Meetings) == 0 {
		return g
	}
	m := &s.Talks.Meetings[len(s.Talks.Meetings)-1]
	now := s.Now.Time
	g.Open = m.Closed == nil
	g.Running = g.Open && !m.Suspended()
	g.Gross, g.Net = m.Clock(now)
	g.Turnings = turnings(v, m, s)
	if g.Open {
		g.Part = v.say("page.part-" + string(m.Part))
		for _, k := range m.Present {
			g.Present = append(g.Present, v.reader.Names.SeatName(string(k)))
		}
	}
	if side, point, ok := m.Pending(); ok {
		g.Pending = &pending{side, point}
		if observes(s.Seat) {
			g.Pending.Point = "" // it may have been raised before they came; if not, the record says it
		}
	}
	if t := m.Floor.Turn; t != nil {
		g.Floor = turnOf(v, t, s)
	}
	for _, w := range m.Floor.Waiting {
		key := "page.asked"
		if w.Reply {
			key = "page.asked-reply"
		}
		g.Waiting = append(g.Waiting, place{w.Side, v.say(key, "At", v.oclock(w.Asked.In(s.Zone), now))})
	}
	g.Spoken = spokenOf(v, m)
	return g
}

// turnOf says who has the floor and for how long they have had it.
func turnOf(v *voice, t *floor.Turn, s secretariat.Sight) *turn {
	used := max(0, s.Now.Time.Sub(t.Since))
	x := &turn{Side: t.Side, Seconds: int(used / time.Second), Over: t.Over}
	if who, ok := s.Talks.Seat(seat.Key(t.Seat)); ok {
		x.Name = v.say("page.person-as", "Name", phrasebook.Seat(who.Key), "Role", phrasebook.Term("role."+string(who.Role)),
			"At", v.oclock(t.Since.In(s.Zone), s.Now.Time))
	}
	key, args := "page.used", []any{"Used", phrasebook.Minutes(used.Truncate(time.Minute))}
	if t.Limit > 0 {
		key, args = "page.used-of", append(args, "Limit", phrasebook.Minutes(t.Limit))
	}
	x.Used = v.say(key, args...)
	return x
}

// turnings tells when the meeting turned, with the times that others hold.
func turnings(v *voice, m *talks.Meeting, s secretariat.Sight) (list []string) {
	at := func(x talks.Moment) string {
		said := v.oclock(x.Time.In(s.Zone), s.Now.Time)
		if x.Approximate {
			said = v.say("page.about", "At", said)
		}
		return said
	}
	list = append(list, v.say("page.opened", "At", at(m.Opened)))
	for _, b := range m.Breaks {
		if b.To == nil {
			list = append(list, v.say("page.suspended-since", "At", at(b.From)))
		} else {
			list = append(list, v.say("page.suspended", "From", at(b.From), "To", at(*b.To)))
		}
	}
	if m.Closed != nil {
		list = append(list, v.say("page.adjourned", "At", at(*m.Closed)))
	}
	for _, d := range m.Differs {
		list = append(list, v.say("page.differs", "Party", phrasebook.Side(d.Party), "Turning", phrasebook.Term("turning."+string(d.Of)), "At", at(d.At)))
	}
	return list
}

// spokenOf lists speaking time: chair and mediation first, then the parties, so
// that a side that has not spoken shows too.
func spokenOf(v *voice, m *talks.Meeting) (list []spoken) {
	longest := time.Minute
	for _, d := range m.Spoken {
		longest = max(longest, d)
	}
	for _, side := range append([]string{seat.ChairGroup}, v.sides...) {
		d, has := m.Spoken[side]
		if !has && (side == seat.ChairGroup || side == seat.Mediation) {
			continue
		}
		width := math.Round(barWidth * float64(d) / float64(longest))
		list = append(list, spoken{side, phrasebook.Length(d.Truncate(time.Minute)), strconv.Itoa(int(width))})
	}
	return list
}

// runs lets the script go on counting from so many seconds.
func runs(on bool, seconds int) templ.Attributes {
	if !on {
		return nil
	}
	return templ.Attributes{"data-runs": strconv.Itoa(seconds)}
}
