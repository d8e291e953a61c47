package wire

import "net/url"

func baseOf(u *url.URL) *url.URL { return u }
