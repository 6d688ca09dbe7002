package api

import (
	"net/http"
	"strings"

	"parley/internal/ruling"
	"parley/internal/secretariat"
)

// caller says who asks: a script by its bearer token, a browser by its login,
// or nobody in particular, who may read what is public. A token or a login
// that is no good is refused rather than overlooked, so that nobody takes the
// public's view for their own.
func (a *API) caller(r *http.Request) (secretariat.Caller, error) {
	if given := r.Header.Get("Authorization"); given != "" {
		scheme, token, _ := strings.Cut(given, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			token = "" // which is no token, and is refused as such
		}
		v, err := a.Door.WhoseScript(r.Context(), strings.TrimSpace(token))
		if err != nil {
			return secretariat.Caller{}, err
		}
		return secretariat.CallerOf(v), nil
	}
	if a.Login == nil {
		return secretariat.Caller{}, nil
	}
	cookie := a.Login(r)
	if cookie == "" {
		return secretariat.Caller{}, nil
	}
	// A browser sends its cookie along with whatever page asks it to.
	if err := a.origin.Check(r); err != nil {
		return secretariat.Caller{}, no(ruling.Denied, "other-origin")
	}
	v, err := a.Door.Who(r.Context(), cookie)
	if err != nil {
		return secretariat.Caller{}, err
	}
	return secretariat.CallerOf(v), nil
}

// lang is the language that the caller reads best.
func lang(r *http.Request) string {
	tag, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	tag, _, _ = strings.Cut(tag, ";")
	if tag = strings.TrimSpace(tag); len(tag) > 35 || tag == "*" { // longer than any tag in use
		return ""
	}
	return tag
}
