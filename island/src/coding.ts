// The coding screen.
export {};
