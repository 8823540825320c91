"""Acts of the demo's story (演示的各幕) about people's money and what stands around the funds: each is a few commands, given the story so far."""
