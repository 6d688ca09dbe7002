package web

import (
	"math"
	"net/http"
	"time"

	"parley/internal/record"
	"parley/internal/seat"
	"parley/internal/secretariat"
)

// An admission is from which entry on, and from when, somebody hears what is
// said at the table. Whoever was admitted later is told nothing on any page of
// the words that were entered before, as on the record; who sits where, and in
// which meeting, they see for themselves.
type admission struct {
	from int64
	at   time.Time
}

func (a admission) heard(number int64) bool { return number >= a.from }

func observes(s seat.Seat) bool { return s.Role == seat.Observer || s.Role == seat.Guarantor }

// admission finds out. All but observers and guarantors hear from the first.
func (h *house) admission(r *http.Request, v visit) (a admission, err error) {
	later := false
	err = h.seated(r, v, func(s secretariat.Sight) error {
		later = observes(s.Seat)
		return nil
	})
	if err != nil || !later {
		return a, err
	}
	id := r.PathValue("id")
	for e, err := range h.Desk.Read(r.Context(), id, v.caller(), record.JointName(id), 0) {
		if err != nil {
			return a, err
		}
		if !e.Withheld() {
			return admission{e.Number, e.Time}, nil
		}
	}
	return admission{from: math.MaxInt64}, nil
}
