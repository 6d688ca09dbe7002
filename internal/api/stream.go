package api

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"parley/internal/secretariat"
)

// heartbeat is how often a stream without news says that it is there, and
// looks whether its reader may still come in.
const heartbeat = 15 * time.Second

// stream gives a record as server-sent events, from after a number on and then
// live. An event's id is its entry's number, so that a reader who comes back
// with Last-Event-ID goes on where they were. Entries that are not for people,
// such as anchors, are left out; the record has them.
func (a *API) stream(w http.ResponseWriter, r *http.Request) error {
	s, err := a.asked(r)
	if err != nil {
		return err
	}
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		if s.after, err = number("Last-Event-ID", last); err != nil {
			return err
		}
	}
	ring, stop, err := a.Desk.Watch(r.Context(), s.id, s.who)
	if err != nil {
		return err
	}
	defer stop()
	if _, err := a.page(r, stretch{s.id, s.who, s.name, 1<<62 - 1}); err != nil {
		return err // they may not open it
	}
	live := &live{slowly{w: w, control: http.NewResponseController(w)}}
	live.control.SetReadDeadline(time.Time{}) // the request is read; the answer takes as long as it takes
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	fmt.Fprint(live, "retry: 2000\n\n")
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		if s.after, err = a.send(live, r, s); err != nil {
			return nil // they left, or may no longer read: the end of the stream says so
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-a.Closing:
			return nil
		case <-ring:
		case <-beat.C:
			fmt.Fprint(live, ": here\n\n")
		}
		if again, err := a.caller(r); err != nil || again != s.who {
			return nil // they were sent away meanwhile
		}
	}
}

// live is a stream to one reader.
type live struct{ slowly }

// Write sends at once.
func (l *live) Write(p []byte) (int, error) {
	n, err := l.slowly.Write(p)
	if err != nil {
		return n, err
	}
	return n, l.control.Flush()
}

// send sends what is new, and returns the number of the last entry there is.
func (a *API) send(live io.Writer, r *http.Request, s stretch) (int64, error) {
	w := bufio.NewWriterSize(live, 32<<10)
	var teller *Teller
	for seen, err := range a.Desk.Read(r.Context(), s.id, s.who, s.name, s.after) {
		if err != nil {
			return s.after, err
		}
		s.after = seen.Number
		if !seen.Withheld() && len(seen.Phrases()) == 0 {
			continue
		}
		if teller == nil {
			t, err := NewTeller(r.Context(), a.Desk, a.Book, s.id, s.who, lang(r))
			if err != nil {
				return s.after, err
			}
			teller = &t
		}
		if err := sendOne(w, *teller, seen); err != nil {
			return s.after, err
		}
	}
	return s.after, w.Flush()
}

func sendOne(w io.Writer, t Teller, seen *secretariat.Seen) error {
	e, err := t.Entry(seen)
	if err != nil {
		return err
	}
	e.Record = ""
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "id: %d\nevent: entry\ndata: %s\n\n", e.Number, data)
	return err
}
