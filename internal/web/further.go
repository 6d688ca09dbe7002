package web

import (
	"net/http"

	"parley/internal/ruling"
	"parley/internal/secretariat"
)

// A furtherView is the acts that have no page of their own. An act that is new
// is found here, with the form that the catalogue gives it.
type furtherView struct {
	frame
	Forms []form
}

func (h *house) furtherPage(w http.ResponseWriter, r *http.Request, v visit) error {
	var p furtherView
	err := h.seated(r, v, func(s secretariat.Sight) error {
		if !hasFurther(s) {
			return ruling.Nothing()
		}
		voice := h.voiceAt(s)
		p.frame = h.frame(voice, s, "further")
		p.Forms = h.formsOn("further", voice, s)
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, further(p))
}

// hasFurther reports whether there are such acts for a seat.
func hasFurther(s secretariat.Sight) bool {
	if s.Talks == nil || s.Talks.Closed != nil {
		return false
	}
	for _, spec := range secretariat.Acts.Specs() {
		if pageOf(spec.Name) == "further" && s.Seat.Permits(spec.Name) {
			return true
		}
	}
	return false
}
