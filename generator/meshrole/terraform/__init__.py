"""The only room that knows the terraform binary and its formats. It imports nothing of ours but `errors`."""
