// Keys and forms of every page (data-key, help).
export {};
