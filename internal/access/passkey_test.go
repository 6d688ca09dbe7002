package access_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"parley/internal/access"
	"parley/internal/access/accesstest"
	"parley/internal/evidence"
	"parley/internal/ruling"
)

const home = "https://parley.example"

// newSite is a house that takes passkeys.
func newSite(t *testing.T) *house {
	h := newHouse(t)
	h.Site = access.Site{Host: "parley.example", Origins: []string{home}, Name: "The Lake talks"}
	return h
}

func device() *accesstest.Device { return &accesstest.Device{Origin: home} }

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// who looks a cookie up, and fails the test if it is not good.
func (h *house) who(t *testing.T, cookie string) access.Visit {
	t.Helper()
	v, err := h.Who(t.Context(), cookie)
	ok(t, err)
	return v
}

// register has a visitor register their device.
func (h *house) register(t *testing.T, v access.Visit, d *accesstest.Device) (access.Passkey, error) {
	t.Helper()
	options, ceremony, err := h.BeginRegistration(t.Context(), v)
	if err != nil {
		return access.Passkey{}, err
	}
	return h.FinishRegistration(t.Context(), v, ceremony.Text(), d.Create(t, options), "Chrome, Android")
}

// login signs in with a device.
func (h *house) login(t *testing.T, d *accesstest.Device) (string, access.Visit, error) {
	t.Helper()
	options, ceremony, err := h.BeginLogin(t.Context())
	ok(t, err)
	cookie, v, err := h.FinishLogin(t.Context(), ceremony.Text(), d.Get(t, options), "Chrome, Android")
	return cookie.Text(), v, err
}

// stepUp has a visitor sign once more.
func (h *house) stepUp(t *testing.T, v access.Visit, d *accesstest.Device, act *evidence.Act) ([]byte, error) {
	t.Helper()
	options, ceremony, err := h.BeginStepUp(t.Context(), v, act)
	if err != nil {
		return nil, err
	}
	return h.FinishStepUp(t.Context(), v, ceremony.Text(), d.Get(t, options))
}

// settle enrols somebody with a passkey and signs them in with it.
func (h *house) settle(t *testing.T, name string, d *accesstest.Device) (string, access.Visit) {
	t.Helper()
	_, err := h.register(t, h.who(t, h.signIn(t, h.enrol(t, name))), d)
	ok(t, err)
	cookie, v, err := h.login(t, d)
	ok(t, err)
	return cookie, v
}

func TestAPasskeyRegistersAndSignsIn(t *testing.T) {
	for name, d := range map[string]*accesstest.Device{
		"ES256": {Origin: home}, "EdDSA": {Origin: home, Algorithm: -8}, "RS256": {Origin: home, Algorithm: -257}, "one that counts": {Origin: home, Counts: true},
	} {
		t.Run(name, func(t *testing.T) {
			h := newSite(t)
			cookie := h.signIn(t, h.enrol(t, "Njeri Wanjohi"))
			k, err := h.register(t, h.who(t, cookie), d)
			ok(t, err)
			if k.Label != "Chrome, Android" || k.Transports != "hybrid,internal" || k.Confirmed.IsZero() {
				t.Errorf("the passkey is %+v", k)
			}
			for range 3 {
				cookie, v, err := h.login(t, d)
				ok(t, err)
				again := h.who(t, cookie)
				if again.Person.Name != "Njeri Wanjohi" || !v.KeySigned() || !h.Fresh(again) {
					t.Errorf("it lets in %+v", again)
				}
				h.clock = h.clock.Add(access.FreshFor)
				if h.Fresh(again) {
					t.Error("it is fresh after five minutes")
				}
			}
			if h.who(t, cookie).KeySigned() {
				t.Error("what came in by a link counts as key-signed")
			}
		})
	}
}

func TestOptionsAskForADiscoverableVerifiedPasskey(t *testing.T) {
	h := newSite(t)
	_, v := h.settle(t, "Njeri Wanjohi", device())
	creation, _, err := h.BeginRegistration(t.Context(), v)
	ok(t, err)
	login, _, err := h.BeginLogin(t.Context())
	ok(t, err)
	step, _, err := h.BeginStepUp(t.Context(), v, nil)
	ok(t, err)
	for _, want := range []struct {
		in   []byte
		text string
	}{
		{creation, `"residentKey":"required"`}, {creation, `"userVerification":"required"`}, {creation, `"excludeCredentials":[{`},
		{login, `"userVerification":"required"`}, {step, `"userVerification":"required"`}, {step, `"allowCredentials":[{`},
	} {
		if !strings.Contains(string(want.in), want.text) {
			t.Errorf("%s is not in %s", want.text, want.in)
		}
	}
	if bytes.Contains(login, []byte("allowCredentials")) {
		t.Errorf("signing in names passkeys to whoever asks: %s", login)
	}
}

// Threat 11: replay.
func TestThreat11AReplayedAssertionIsRefused(t *testing.T) {
	h := newSite(t)
	d := device()
	_, v := h.settle(t, "Njeri Wanjohi", d)
	options, ceremony, err := h.BeginLogin(t.Context())
	ok(t, err)
	answer := d.Get(t, options)
	_, _, err = h.FinishLogin(t.Context(), ceremony.Text(), answer, "")
	ok(t, err)
	for range 3 {
		_, _, err = h.FinishLogin(t.Context(), ceremony.Text(), answer, "")
		refusal(t, "the same answer to the same challenge", err, ruling.Stale, "ceremony-over")
	}
	_, another, err := h.BeginLogin(t.Context())
	ok(t, err)
	_, _, err = h.FinishLogin(t.Context(), another.Text(), answer, "")
	refusal(t, "the same answer to another challenge", err, ruling.Denied, "passkey-not-good")
	_, step, err := h.BeginStepUp(t.Context(), v, nil)
	ok(t, err)
	_, err = h.FinishStepUp(t.Context(), v, step.Text(), answer)
	refusal(t, "the same answer to a step-up", err, ruling.Denied, "passkey-not-good")
	_, login, err := h.BeginLogin(t.Context())
	ok(t, err)
	_, err = h.FinishStepUp(t.Context(), v, login.Text(), answer)
	refusal(t, "a login's ceremony for a step-up", err, ruling.Stale, "ceremony-over")

	_, adding, err := h.BeginRegistration(t.Context(), v)
	ok(t, err)
	_, err = h.FinishStepUp(t.Context(), v, adding.Text(), answer)
	refusal(t, "a registration's ceremony for a step-up", err, ruling.Stale, "ceremony-over")

	options, late, err := h.BeginLogin(t.Context())
	ok(t, err)
	h.clock = h.clock.Add(access.CeremonyLife)
	_, _, err = h.FinishLogin(t.Context(), late.Text(), d.Get(t, options), "")
	refusal(t, "an answer after five minutes", err, ruling.Stale, "ceremony-over")
	_, _, err = h.FinishLogin(t.Context(), "0", answer, "")
	refusal(t, "no ceremony", err, ruling.Stale, "ceremony-over")
}

// Evidence of an act is read by others. With it and a stolen login, Mallory
// still cannot pass for Njeri being there.
func TestThreat11EvidenceIsNotPresence(t *testing.T) {
	h := newSite(t)
	d := device()
	cookie, v := h.settle(t, "Njeri Wanjohi", d)
	act := &evidence.Act{Talks: "lake", Seat: "s4", Name: "initial", Request: "r-1", Head: 7}
	options, ceremony, err := h.BeginStepUp(t.Context(), v, act)
	ok(t, err)
	answer := d.Get(t, options)
	h.clock = h.clock.Add(10 * time.Minute)
	_, err = h.FinishStepUp(t.Context(), v, ceremony.Text(), answer)
	refusal(t, "too late", err, ruling.Stale, "ceremony-over")
	_, ceremony, err = h.BeginStepUp(t.Context(), v, act)
	ok(t, err)
	signed, err := h.FinishStepUp(t.Context(), v, ceremony.Text(), answer)
	ok(t, err)
	if len(signed) == 0 {
		t.Error("the same act signed is the same evidence")
	}
	if h.Fresh(h.who(t, cookie)) {
		t.Error("replayed evidence passed for presence")
	}
}

// Threat 11: a key that was copied shows by its count.
func TestThreat11ACopiedKeyIsRefused(t *testing.T) {
	h := newSite(t)
	d := &accesstest.Device{Origin: home, Counts: true}
	h.settle(t, "Njeri Wanjohi", d)
	copied := *d // shares the key, and counts on for both: so Mallory's is set back
	_, _, err := h.login(t, &copied)
	ok(t, err)
	copied.Rewind()
	_, _, err = h.login(t, &copied)
	refusal(t, "a count that went back", err, ruling.Denied, "passkey-not-good")
	if !strings.Contains(h.log.String(), "copied") {
		t.Error("the operator is not told")
	}
}

// Threat 15: a phishing site passes everything on, but the browser says where it is.
func TestThreat15AProxyOnAnotherHostIsRefused(t *testing.T) {
	h := newSite(t)
	d := device()
	cookie, v := h.settle(t, "Njeri Wanjohi", d)
	for _, origin := range []string{"https://parley.example.mallory.test", "https://mallory.test", "http://parley.example", "https://parley.example:8443", "https://sub.parley.example", ""} {
		d.Origin = origin
		_, _, err := h.login(t, d)
		refusal(t, "signing in by "+origin, err, ruling.Denied, "passkey-not-good")
		_, err = h.stepUp(t, v, d, nil)
		refusal(t, "stepping up by "+origin, err, ruling.Denied, "passkey-not-good")
		_, err = h.register(t, v, d)
		refusal(t, "registering by "+origin, err, ruling.Denied, "passkey-not-good")
	}
	if keys, err := h.Passkeys(t.Context(), v.Person.ID); err != nil || len(keys) != 1 {
		t.Errorf("she has %d passkeys, %v", len(keys), err)
	}
	h.who(t, cookie)
}

func TestAnUnverifiedUserIsRefused(t *testing.T) {
	h := newSite(t)
	d := device()
	_, v := h.settle(t, "Njeri Wanjohi", d)
	d.Unverified = true
	_, _, err := h.login(t, d)
	refusal(t, "signing in", err, ruling.Denied, "passkey-not-good")
	_, err = h.stepUp(t, v, d, nil)
	refusal(t, "stepping up", err, ruling.Denied, "passkey-not-good")
	_, err = h.register(t, v, d)
	refusal(t, "registering", err, ruling.Denied, "passkey-not-good")
}

// Threat 14: a laptop that was left open opens nothing new, and once its
// passkey is revoked nothing at all.
func TestThreat14AStolenSessionAfterRevoke(t *testing.T) {
	h := newSite(t)
	laptop, phone := device(), device()
	stolen, v := h.settle(t, "Njeri Wanjohi", laptop)
	h.clock = h.clock.Add(time.Second)
	_, err := h.register(t, v, phone)
	ok(t, err)
	h.clock = h.clock.Add(access.FreshFor)
	v = h.who(t, stolen)
	_, err = h.register(t, v, device())
	refusal(t, "the thief adds a device", err, ruling.Denied, "step-up")
	hers, err := h.Passkeys(t.Context(), v.Person.ID)
	ok(t, err)
	refusal(t, "the thief revokes her phone", h.RevokePasskey(t.Context(), v, hers[1].Handle()), ruling.Denied, "step-up")

	_, onPhone, err := h.login(t, phone)
	ok(t, err)
	begun, ceremony, err := h.BeginStepUp(t.Context(), v, nil)
	ok(t, err)
	adding, another, err := h.BeginRegistration(t.Context(), onPhone)
	ok(t, err)
	ok(t, h.RevokePasskey(t.Context(), onPhone, hers[0].Handle()))
	_, err = h.Who(t.Context(), stolen)
	refusal(t, "the stolen session", err, ruling.Denied, "not-signed-in")
	_, _, err = h.login(t, laptop)
	refusal(t, "the stolen passkey", err, ruling.Denied, "passkey-not-good")
	_, err = h.FinishStepUp(t.Context(), v, ceremony.Text(), laptop.Get(t, begun))
	refusal(t, "a step-up that was under way", err, ruling.Denied, "passkey-not-good")

	ok(t, h.RevokeAll(t.Context(), v.Person.ID))
	_, err = h.FinishRegistration(t.Context(), onPhone, another.Text(), device().Create(t, adding), "")
	refusal(t, "a registration that was under way", err, ruling.Denied, "not-signed-in")
	_, _, err = h.login(t, phone)
	refusal(t, "the other passkey", err, ruling.Denied, "passkey-not-good")
}

func TestStepUpMakesAVisitFresh(t *testing.T) {
	h := newSite(t)
	d := device()
	cookie, v := h.settle(t, "Njeri Wanjohi", d)
	h.clock = h.clock.Add(20 * time.Minute)
	if h.Fresh(h.who(t, cookie)) {
		t.Error("it is fresh after twenty minutes")
	}
	none, err := h.stepUp(t, v, d, nil)
	ok(t, err)
	if none != nil || !h.Fresh(h.who(t, cookie)) {
		t.Error("it is not fresh after stepping up")
	}
	_, mallory := h.settle(t, "Mallory", device())
	options, ceremony, err := h.BeginStepUp(t.Context(), v, nil)
	ok(t, err)
	_, err = h.FinishStepUp(t.Context(), mallory, ceremony.Text(), d.Get(t, options))
	refusal(t, "another's ceremony", err, ruling.Stale, "ceremony-over")
	nobody := h.who(t, h.signIn(t, h.enrol(t, "Mwangi Otieno")))
	_, _, err = h.BeginStepUp(t.Context(), nobody, nil)
	refusal(t, "without a passkey", err, ruling.OutOfOrder, "no-passkey")
}

func TestABindingActVerifiesOffline(t *testing.T) {
	h := newSite(t)
	d := device()
	_, v := h.settle(t, "Njeri Wanjohi", d)
	keys, err := h.Passkeys(t.Context(), v.Person.ID)
	ok(t, err)
	act := evidence.Act{Talks: "lake", Seat: "s4", Name: "initial", Request: "r-1", Head: 71, Fields: []evidence.Field{{Name: "text", Value: "agreement"}}}
	signed, err := h.stepUp(t, v, d, &act)
	ok(t, err)
	canonical, err := act.Marshal()
	ok(t, err)
	ok(t, evidence.Verify(signed, evidence.Hash(canonical), keys[0].Public, "parley.example", home))
	act.Head++
	canonical, err = act.Marshal()
	ok(t, err)
	if evidence.Verify(signed, evidence.Hash(canonical), keys[0].Public, "parley.example", home) == nil {
		t.Error("it is good for another act")
	}
	_, _, err = h.BeginStepUp(t.Context(), v, &evidence.Act{Name: strings.Repeat("x", evidence.MostAct)})
	refusal(t, "an act that is too long", err, ruling.Invalid, "act-unsignable")
}

// What a passkey derives for encryption never reaches the house, whoever sends it.
func TestPRFResultsAreRefused(t *testing.T) {
	h := newSite(t)
	h.Site.PRF = bytes.Repeat([]byte{7}, 32)
	d := device()
	_, v := h.settle(t, "Njeri Wanjohi", d)
	d.PRF = true
	_, _, err := h.login(t, d)
	refusal(t, "signing in", err, ruling.Invalid, "prf-sent")
	_, err = h.stepUp(t, v, d, nil)
	refusal(t, "stepping up", err, ruling.Invalid, "prf-sent")
	_, err = h.register(t, v, d)
	refusal(t, "registering", err, ruling.Invalid, "prf-sent")
	d.PRF = false
	for _, extra := range []string{
		`{"clientExtensionResults":{"PRF":{"Results":{"first":"x"}}}}`,
		`{"clientExtensionResults":{"prf":{"enabled":true,"reſults":{"first":"x"}}}}`,
		`{"clientExtensionResults":{"prf":[{"results":null}]}}`,
		`{"clientExtensionResults":{"hmacGetSecret":{"output1":"x"}}}`,
		`{"elsewhere":{"prf":{"results":{}}}}`,
	} {
		ok(t, json.Unmarshal([]byte(extra), &d.Extra))
		_, _, err := h.login(t, d)
		refusal(t, extra, err, ruling.Invalid, "prf-sent")
		d.Extra = nil
	}
	d.Extra = map[string]any{"clientExtensionResults": map[string]any{"prf": map[string]any{"enabled": true}}}
	if _, _, err = h.login(t, d); err != nil {
		t.Errorf("that the device has PRF may be said: %v", err)
	}
}

func TestStrangeAnswers(t *testing.T) {
	h := newSite(t)
	for _, c := range []struct{ answer, key string }{
		{``, "passkey-answer"}, {`null`, "passkey-not-good"}, {`[]`, "passkey-not-good"}, {`{`, "passkey-answer"}, {`{} {}`, "passkey-answer"},
		{`{"id":"a","ID":"b"}`, "passkey-answer"}, {`{"id":"a","id":"a"}`, "passkey-answer"},
		{strings.Repeat(`[`, 40) + strings.Repeat(`]`, 40), "passkey-answer"}, {`"` + strings.Repeat("x", 70_000) + `"`, "passkey-answer"},
		{`{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA","userHandle":"AA"}}`, "passkey-not-good"},
	} {
		_, ceremony, err := h.BeginLogin(t.Context())
		ok(t, err)
		_, _, err = h.FinishLogin(t.Context(), ceremony.Text(), []byte(c.answer), "")
		var no *ruling.Refusal
		if !errors.As(err, &no) || no.Key != c.key {
			t.Errorf("%.60s: %v, want %s", c.answer, err, c.key)
		}
	}
	v := h.who(t, h.signIn(t, h.enrol(t, "Njeri Wanjohi")))
	h.Site = access.Site{}
	_, _, err := h.BeginRegistration(t.Context(), v)
	refusal(t, "at a plain address", err, ruling.OutOfOrder, "no-passkeys-here")
	_, _, err = h.BeginLogin(t.Context())
	refusal(t, "at a plain address", err, ruling.OutOfOrder, "no-passkeys-here")
}

func TestAPasskeyOfAnotherPerson(t *testing.T) {
	h := newSite(t)
	hers, his := device(), device()
	_, njeri := h.settle(t, "Njeri Wanjohi", hers)
	_, mallory := h.settle(t, "Mallory", his)
	keys, err := h.Passkeys(t.Context(), njeri.Person.ID)
	ok(t, err)
	refusal(t, "Mallory revokes Njeri's", h.RevokePasskey(t.Context(), mallory, keys[0].Handle()), ruling.Absent, "nothing-here")
	his.Claim(hers)
	_, _, err = h.login(t, his)
	refusal(t, "his key under her name", err, ruling.Denied, "passkey-not-good")
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"id":"AA","rawId":"AA","type":"public-key","clientExtensionResults":{"prf":{"enabled":true}},"response":{}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if access.CheckResponse(b) != nil {
			return
		}
		var x struct {
			Results struct {
				PRF *struct{ Results any } `json:"prf"`
			} `json:"clientExtensionResults"`
		}
		if json.Unmarshal(b, &x) == nil && x.Results.PRF != nil && x.Results.PRF.Results != nil {
			t.Errorf("%q holds PRF results", b)
		}
	})
}
