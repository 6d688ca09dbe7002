package web

import (
	"crypto/sha256"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/record"
	"parley/internal/secretariat"
)

// Times of a live stream.
const (
	heartbeat = 25 * time.Second // between signs of life while nothing happens
	patience  = 10 * time.Second // for a reader to take what was sent; then they are dropped
)

// mostMissed is how many entries are sent after a reader who comes back. Whoever
// has missed more is told to load the page again.
const mostMissed = 500

// A feed is one live page: what has been entered since, and the parts of the
// page that follow from the state.
type feed struct {
	watch secretariat.Caller // whose bells ring; nobody's for the public
	// next renders what follows number after, and says how far it has come.
	next func(r *http.Request, v visit, after int64) (events []event, last int64, err error)
}

// An event is one piece for the page, ready to be sent.
type event struct {
	id   int64  // number of the entry, 0 if it is none
	kind string // "entry", "piece" or "again"
	html string
}

// stream serves a feed until the reader leaves, is too slow, or may no longer
// read. A reader costs a goroutine and no buffer: whoever lags reads more at once.
func (h *house) stream(w http.ResponseWriter, r *http.Request, v visit, f feed) error {
	// The bell is listened to before the record is read, so that nothing
	// entered in between is missed.
	ring, stop, err := h.Desk.Watch(r.Context(), r.PathValue("id"), f.watch)
	if err != nil {
		return err
	}
	defer stop()
	after := since(r)
	events, last, err := f.next(r, v, after)
	if err != nil {
		return err
	}
	// The server's time for reading a request does not bound a stream.
	control := http.NewResponseController(w)
	if err := control.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	out := &sender{w: w, control: control}
	out.send("retry: 2000\n\n", events)
	ended, deaf := h.ended.Listen(string(v.Person.ID))
	defer deaf()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for out.err == nil {
		select {
		case <-r.Context().Done():
			return nil
		case <-h.Closing:
			return nil
		case <-ended:
			if !h.same(r, v) {
				return nil
			}
		case <-beat.C:
			// A login revoked elsewhere ends here; one that is watched does not idle.
			if !h.same(r, v) {
				return nil
			}
			out.send(": still here\n\n", nil)
		case <-ring:
			if events, last, err = f.next(r, v, last); err != nil {
				return nil // the seat is gone, or the store; the page will ask again
			}
			out.send("", events)
		}
	}
	return nil
}

// same reports whether the visitor is still let in.
func (h *house) same(r *http.Request, v visit) bool {
	now, err := h.visitor(r)
	return err == nil && now.signed == v.signed && now.Person.ID == v.Person.ID
}

// since is the entry after which a stream begins: the last that the browser has
// had, or the last on the page.
func since(r *http.Request) int64 {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		text = r.URL.Query().Get("after")
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// A sender writes events to one reader and gives up on a slow one.
type sender struct {
	w       http.ResponseWriter
	control *http.ResponseController
	buf     []byte
	err     error
}

func (s *sender) send(lead string, events []event) {
	s.buf = append(s.buf[:0], lead...)
	for _, e := range events {
		s.buf = e.append(s.buf)
	}
	if len(s.buf) == 0 {
		return
	}
	if s.err = s.control.SetWriteDeadline(time.Now().Add(patience)); s.err != nil {
		return
	}
	if _, s.err = s.w.Write(s.buf); s.err == nil {
		s.err = s.control.Flush()
	}
}

// append writes an event in the form of the HTML standard, section 9.2.
func (e event) append(b []byte) []byte {
	if e.id > 0 {
		b = append(b, "id: "...)
		b = strconv.AppendInt(b, e.id, 10)
		b = append(b, '\n')
	}
	b = append(b, "event: "...)
	b = append(b, e.kind...)
	for line := range strings.SplitSeq(e.html, "\n") {
		b = append(b, "\ndata: "...)
		b = append(b, strings.ReplaceAll(line, "\r", "")...)
	}
	return append(b, "\n\n"...)
}

// entered reads the pieces of what was entered after a number.
func (h *house) entered(r *http.Request, v visit, p scene, name record.Name, after int64) (events []event, last int64, err error) {
	last = after
	for s, err := range h.Desk.Read(r.Context(), p.id, v.caller(), name, after) {
		if err != nil {
			return nil, 0, err
		}
		if s.Number-after > mostMissed {
			return []event{{kind: "again"}}, s.Number, nil
		}
		html, err := h.line(p, s)
		if err != nil {
			return nil, 0, err
		}
		if last = s.Number; html != "" {
			events = append(events, event{s.Number, "entry", html})
		}
	}
	return events, last, nil
}

func (h *house) meetingStream(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.stream(w, r, v, feed{v.caller(), (&meetingEars{house: h}).next})
}

// boardKey is all that shows in the instruments.
type boardKey struct {
	what, talks, print string
	size               int64
	second             int64
	observes           bool
}

// deskKey is all that shows in what one seat can do.
type deskKey struct {
	boardKey
	seat string
	open bool
}

// meetingEars are one connection to the meeting. It remembers which forms the
// page has, so that they are sent only when they are others.
type meetingEars struct {
	*house
	forms string
}

// next renders what was entered in the joint record, then the instruments,
// which are shared, and the seat's own forms.
func (h *meetingEars) next(r *http.Request, v visit, after int64) (events []event, last int64, err error) {
	var p scene
	var pieces []event
	err = h.seated(r, v, func(s secretariat.Sight) error {
		voice := h.voiceAt(s)
		p = sceneOf(voice, s)
		size := s.Heads[record.JointName(s.ID)].Size
		if size <= after {
			return nil
		}
		key := boardKey{"instruments", s.ID, voice.print, size, s.Now.Time.Unix(), observes(s.Seat)}
		html, err := h.pieces.get(key, func() (string, error) { return render(instruments(gaugesOf(voice, s))) })
		if err != nil {
			return err
		}
		own, err := h.desks.get(deskKey{key, string(s.Seat.Key), s.Seat.Chair}, func() (desk, error) { return h.desk(voice, s) })
		pieces = append(pieces, event{0, "piece", html})
		if own.print != h.forms {
			h.forms = own.print
			pieces = append(pieces, event{0, "piece", own.html})
		}
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	events, last, err = h.entered(r, v, p, record.JointName(p.id), after)
	if len(events) == 0 {
		return nil, last, err // what is not for people moves nothing on the page
	}
	return append(events, pieces...), last, err
}

// A desk is what a seat can do, rendered. Its print tells desks apart that ask
// for different things; request ids, which are never the same, are no part of it.
type desk struct{ html, print string }

func (h *house) desk(v *voice, s secretariat.Sight) (desk, error) {
	d := h.deskOf(v, s)
	a, err := render(actions(d))
	if err != nil {
		return desk{}, err
	}
	t, err := render(tools(d))
	if err != nil {
		return desk{}, err
	}
	print := a + t
	for _, id := range d.requests() {
		print = strings.ReplaceAll(print, id, "")
	}
	sum := sha256.Sum256([]byte(print))
	return desk{a + t, string(sum[:])}, nil
}

// voiceKey is all that a voice depends on, as long as the joint record stands still.
type voiceKey struct {
	talks, party string
	size         int64
	capitals     int
}

// voiceAt is voiceOf, made once for all who call everybody the same.
func (h *house) voiceAt(s secretariat.Sight) *voice {
	capitals := 0
	for _, r := range s.Rooms {
		capitals += len(r.Capital)
	}
	key := voiceKey{s.ID, string(s.Seat.Party), s.Heads[record.JointName(s.ID)].Size, capitals}
	v, _ := h.voices.get(key, func() (*voice, error) { return h.voiceOf(s), nil })
	return v
}
