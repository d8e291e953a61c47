// Package chrome starts a headless Chromium that asks nothing of a network.
package chrome

import (
	"context"
	"os/exec"
	"time"

	"github.com/chromedp/chromedp"
)

// Path returns where Chromium is, "" if there is none.
func Path() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// New returns the context of a fresh tab. env are variables such as
// "TZ=Asia/Tokyo". The caller calls cancel.
func New(ctx context.Context, path string, env ...string) (tab context.Context, cancel func()) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("disable-component-update", true),
		chromedp.WSURLReadTimeout(time.Minute), chromedp.Env(env...)) // a first start on a busy machine takes a while
	allocator, stop := chromedp.NewExecAllocator(ctx, options...)
	tab, closeTab := chromedp.NewContext(allocator)
	return tab, func() { closeTab(); stop() }
}
