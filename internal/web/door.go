package web

import (
	"net/http"
	"strings"
	"time"

	"parley/internal/access"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
)

// LinkPath is the address of a one-time link within the house. Opening it shows
// a button; only pressing that uses the link up.
func LinkPath(t access.Token) string { return "/in/" + t.Text() }

// The names of the cookie. With TLS no other host and no plain page can set it.
const (
	cookiePlain  = "parley"
	cookieSecure = "__Host-parley"
)

// CookieName is the name of the cookie with a browser's login; secure says that
// the browser comes over TLS.
func CookieName(secure bool) string {
	if secure {
		return cookieSecure
	}
	return cookiePlain
}

func (h *house) cookieName(r *http.Request) string { return CookieName(h.secure(r)) }

func (h *house) setCookie(w http.ResponseWriter, r *http.Request, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: h.cookieName(r), Value: value, Path: "/", MaxAge: age,
		Secure: h.secure(r), HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// A signInView is the way in.
type signInView struct {
	*voice
	Name string // of the person whom the link lets in; empty to type a code
	Code string
}

func (h *house) signInPage(w http.ResponseWriter, r *http.Request, _ visit) error {
	return h.show(w, r, http.StatusOK, signInSheet(signInView{voice: h.plain()}))
}

// linkPage shows whom a link would let in. It leaves the link as it is, for
// mail scanners and curious messengers open links too.
func (h *house) linkPage(w http.ResponseWriter, r *http.Request, _ visit) error {
	who, err := h.Door.Peek(r.Context(), r.PathValue("link"))
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, signInSheet(signInView{h.plain(), who.Person.Name, r.PathValue("link")}))
}

// signIn uses a link up and leads to where its bearer belongs. Whoever was
// signed in on this browser before is signed out.
func (h *house) signIn(w http.ResponseWriter, r *http.Request, before visit) error {
	if err := parse(r); err != nil {
		return err
	}
	login, who, err := h.Door.Redeem(r.Context(), r.PostForm.Get("code"), device(r.UserAgent()))
	if err != nil {
		return err
	}
	if c, err := r.Cookie(h.cookieName(r)); err == nil && before.signed {
		if err := h.Door.SignOut(r.Context(), c.Value); err != nil {
			h.Fault(err)
		}
		h.ended.Ring(string(before.Person.ID))
	}
	h.setCookie(w, r, login.Text(), int(who.Pass.Until.Sub(who.Pass.Made)/time.Second))
	to := "/"
	if ids, err := h.own(r, visit{who, true}); err == nil && len(ids) == 1 {
		to = "/talks/" + ids[0]
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (h *house) signOut(w http.ResponseWriter, r *http.Request, v visit) error {
	if c, err := r.Cookie(h.cookieName(r)); err == nil {
		if err := h.Door.SignOut(r.Context(), c.Value); err != nil {
			return err
		}
	}
	h.ended.Ring(string(v.Person.ID))
	h.setCookie(w, r, "", -1)
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

// A devicesView lists what lets a person in.
type devicesView struct {
	*voice
	Name    string
	Devices []deviceLine
}

type deviceLine struct {
	Handle, Kind, Label string
	Since, Seen, Until  string
	This                bool
}

func (h *house) devicesPage(w http.ResponseWriter, r *http.Request, v visit) error {
	if !v.signed {
		return ruling.No(ruling.Denied, 0, "not-signed-in")
	}
	passes, err := h.Door.Passes(r.Context(), v.Person.ID)
	if err != nil {
		return err
	}
	p := devicesView{voice: h.plain(), Name: v.Person.Name}
	told := func(t time.Time) string {
		return p.say("page.time", "Time", phrasebook.Time{At: t.UTC(), Zone: "UTC"})
	}
	for _, x := range passes {
		p.Devices = append(p.Devices, deviceLine{Handle: x.Handle(), Kind: p.say("page.pass-" + x.Kind.String()),
			Label: x.Label, Since: told(x.Made), Seen: told(x.Seen), Until: told(x.Until), This: x.Digest == v.Pass.Digest})
	}
	return h.show(w, r, http.StatusOK, devicesSheet(p))
}

func (h *house) revokeDevice(w http.ResponseWriter, r *http.Request, v visit) error {
	if !v.signed {
		return ruling.No(ruling.Denied, 0, "not-signed-in")
	}
	if err := parse(r); err != nil {
		return err
	}
	if err := h.Door.Revoke(r.Context(), v.Person.ID, r.PostForm.Get("handle")); err != nil {
		return err
	}
	h.ended.Ring(string(v.Person.ID))
	http.Redirect(w, r, "/devices", http.StatusSeeOther)
	return nil
}

// device names a browser so that its owner knows it again: "Firefox, Linux".
func device(agent string) string {
	browser, system := "", ""
	for _, b := range []string{"Firefox", "Edg", "OPR", "Chrome", "Safari"} { // each pretends to be those after it
		if strings.Contains(agent, b+"/") {
			browser = map[string]string{"Edg": "Edge", "OPR": "Opera"}[b]
			browser = or(browser, b)
			break
		}
	}
	for _, s := range []string{"iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux"} {
		if strings.Contains(agent, s) {
			system = s
			break
		}
	}
	switch {
	case browser == "":
		return agent
	case system == "":
		return browser
	}
	return browser + ", " + system
}
